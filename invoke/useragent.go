package invoke

import (
	"runtime"
	"strings"
)

const (
	// version is this library's, as the User-Agent header names it.
	version = "0.1.0"

	maxAppID = 50
)

// userAgent builds the header's value in the form that the AWS SDKs use, so
// that the service's logs can be read with the same tools.
func userAgent(appID string) string {
	var b strings.Builder
	b.WriteString("lambda-invoke-go/" + version + " ua/2.1 os/" + agentToken(runtime.GOOS) +
		" lang/go#" + agentToken(strings.TrimPrefix(runtime.Version(), "go")) +
		" md/GOARCH#" + agentToken(runtime.GOARCH) + " api/lambda")
	if appID != "" {
		b.WriteString(" app/" + agentToken(appID))
	}
	return b.String()
}

// agentToken replaces what a token of the header cannot hold.
func agentToken(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9',
			strings.ContainsRune("!#$%&'*+-.^_`|~", r):
			return r
		}
		return '-'
	}, s)
}
