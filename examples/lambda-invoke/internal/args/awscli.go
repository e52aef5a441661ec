package args

// awsFlags are the flags of "aws lambda invoke" that this program calls by other
// names or does not have, with what to write in their place.
var awsFlags = [...][2]string{
	{"function-name", "the function is an argument of its own, as in lambda-invoke -payload '{}' orders"},
	{"invocation-type", "write -type"},
	{"log-type", "write -log, which shows the log decoded"},
	{"cli-binary-format", "leave it out, a payload is sent as it is given"},
	{"endpoint-url", "write -endpoint"},
	{"tenant-id", "write -tenant"},
	{"durable-execution-name", "write -durable-name"},
	{"cli-read-timeout", "write -timeout with a unit, such as -timeout 900s, or nothing: there is no timeout otherwise"},
	{"cli-connect-timeout", "leave it out, or bound the whole call with -timeout"},
	{"output", "leave it out, the function's payload goes to standard output as it came"},
	{"query", "leave it out, and send standard output through jq"},
	{"debug", "write -v, which shows status, version, request ID and attempts"},
	{"no-cli-pager", "leave it out, there is no pager"},
	{"no-paginate", "leave it out, there are no pages"},
	{"no-cli-auto-prompt", "leave it out, nothing is asked for"},
	{"no-verify-ssl", "set AWS_CA_BUNDLE to the certificates to trust"},
	{"ca-bundle", "set AWS_CA_BUNDLE"},
	{"no-sign-request", "every call of a function is signed; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to anything for an emulator"},
	{"cli-input-json", "give the members as flags: see -h"},
	{"cli-input-yaml", "give the members as flags: see -h"},
}

// ExplainAWSFlags answers the flags of the AWS CLI.
func (s *Set) ExplainAWSFlags() {
	for _, f := range awsFlags {
		s.Explain(f[0], f[1])
	}
}
