package readme

const module = "github.com/lambda-invoke/lambda-invoke-go"

// known are the packages that a fragment in a module may use without importing
// them, by name.
func known(inModule string) map[string]string {
	packages := map[string]string{
		"durable":    module + "/invoke/durable",
		"errlog":     module + "/errors/errlog",
		"errors":     module + "/errors",
		"invoke":     module + "/invoke",
		"invoketest": module + "/invoke/invoketest",
		"retry":      module + "/retry",
		"transport":  module + "/transport",

		"middleware": "github.com/aws/smithy-go/middleware",
		"require":    "github.com/stretchr/testify/require",
		"smithy":     "github.com/aws/smithy-go",
		"smithyhttp": "github.com/aws/smithy-go/transport/http",

		"http":     "net/http",
		"json":     "encoding/json",
		"signal":   "os/signal",
		"slog":     "log/slog",
		"synctest": "testing/synctest",
	}
	for _, name := range []string{
		"bufio", "bytes", "context", "fmt", "io", "iter", "log", "maps", "os",
		"slices", "strings", "sync", "testing", "time",
	} {
		packages[name] = name
	}
	if inModule != Root { // which has neither of them
		packages["awsconfig"] = module + "/invoke/awsconfig"
		packages["aws"] = "github.com/aws/aws-sdk-go-v2/aws"
		packages["config"] = "github.com/aws/aws-sdk-go-v2/config"
	}
	return packages
}
