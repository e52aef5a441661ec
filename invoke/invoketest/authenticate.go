package invoketest

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
)

// SetClockOffset sets how far the server's clock is ahead of the local one. It
// shows in the Date of every reply, and in which signatures are accepted:
// those dated up to five minutes before or after the server's time.
func (s *Server) SetClockOffset(d time.Duration) { s.clockOffset.Store(int64(d)) }

func (s *Server) now() time.Time { return time.Now().Add(time.Duration(s.clockOffset.Load())) }

// authenticate returns the refusal of a request that is not rightly signed, nil
// for one that is.
func (s *Server) authenticate(r *http.Request, body []byte) *reply {
	err := sigv4.Verify(r, body, s.keys.lookup, s.now(), sigv4.DefaultMaxSkew)
	if refused := (*sigv4.VerifyError)(nil); errors.As(err, &refused) {
		return exception(http.StatusForbidden, refused.Reason.Code(), refused.Detail)
	}
	accessKeyID, scope := credentialScope(r)
	switch {
	case scope != s.config.Region+"/lambda/aws4_request":
		return exception(http.StatusForbidden, "InvalidSignatureException",
			"the credential is scoped to another region or service than "+s.config.Region+"/lambda")
	case s.keys.isExpired(accessKeyID):
		return exception(http.StatusForbidden, "ExpiredTokenException", "the security token of the request is expired")
	}
	return nil
}

// credentialScope reads what a verified Authorization header says of the key
// and, the day left out, of the scope.
func credentialScope(r *http.Request) (accessKeyID, scope string) {
	_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	credential, _, _ = strings.Cut(credential, ",")
	accessKeyID, rest, _ := strings.Cut(credential, "/")
	_, scope, _ = strings.Cut(rest, "/")
	return accessKeyID, scope
}
