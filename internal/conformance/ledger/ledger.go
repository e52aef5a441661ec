// Package ledger is the one list of what was compared, what is equal, and what differs on purpose and why. The tables of
// the README are made from it, and a test checks that each line has the test that shows it.
package ledger

// Equal is something that both clients do alike.
type Equal struct {
	Area, What string
	Proof      string // package and name of the test that shows it
}

// Difference is something that this client does otherwise on purpose.
type Difference struct {
	Area      string
	When      string
	Ours, SDK string
	Why       string
	Proof     string
}

// Equals lists what is alike.
func Equals() []Equal {
	return []Equal{
		{"Requests", "method, target, headers, signed headers and body, for names, ARNs, qualifiers, Unicode, reserved characters, every header member and payloads from none to 100 KB", "requests.TestRequestsEqualThoseOfTheSDK"},
		{"Requests", "the same for 2,000 inputs of random texts", "requests.TestRequestsWithRandomTextsEqualThoseOfTheSDK"},
		{"Requests", "the same below a base path", "requests.TestRequestsBelowABasePathEqualThoseOfTheSDK"},
		{"Requests", "`Amz-Sdk-Request`", "requests.TestTheMaximumOfAttemptsIsAnnouncedAsTheSDKDoes"},
		{"Requests", "`X-Amzn-Trace-Id` inside a function", "requests.TestTheTraceOfARunningFunctionIsHandedOnAsTheSDKDoes"},
		{"Requests", "the same for response streams", "requests.TestStreamingRequestsEqualThoseOfTheSDK"},
		{"Requests", "starting, asking for and waiting for durable executions, for ARNs of every partition and kind of version, also below a base path", "requests.TestRequestsOfDurableExecutionsEqualThoseOfTheSDK"},
		{"Requests", "stopping durable executions, with and without a reason", "requests.TestStopsOfDurableExecutionsEqualThoseOfTheSDK"},
		{"Signatures", "5,000 random requests, against the SDK's signer", "signatures.TestSignaturesEqualThoseOfTheSDK"},
		{"Signatures", "5,000 random requests, against aws-http-auth", "signatures.TestSignaturesEqualThoseOfHTTPAuthWhereNoValueHoldsRunsOfSpaces"},
		{"Signatures", "the verifier of `invoketest` accepts the SDK's signatures", "signatures.TestAnySignatureOfTheSDKIsAcceptedByTheVerifier"},
		{"Replies", "every member of a success, in every casing of the headers", "replies.TestSuccessesAreReadAsTheSDKReadsThem"},
		{"Replies", "code, message, fault, status, request ID and type of all 43 documented exceptions, in every form of the code and the message", "replies.TestEveryDocumentedExceptionIsReadAsTheSDKReadsIt"},
		{"Replies", "code, message, status and request ID of codes outside the table", "replies.TestUndocumentedCodesAreReadAsTheSDKReadsThem"},
		{"Replies", "the same of error replies without a code", "replies.TestRepliesWithoutACodeAreReadAsTheSDKReadsThem"},
		{"Replies", "status, times, name, version, result and error of durable executions", "replies.TestDurableExecutionsAreReadAsTheSDKReadsThem"},
		{"Endpoints", "every region that the SDK knows, in every variant", "endpoints.TestEveryRegionOfTheSDKHasTheSameEndpointsInEveryVariant"},
		{"Endpoints", "3,000 random regions, in every variant", "endpoints.TestRandomRegionsHaveTheSameEndpointsInEveryVariant"},
		{"Endpoints", "regions that spell FIPS into their names", "endpoints.TestRegionsThatSpellFIPSHaveTheSameEndpoints"},
		{"Endpoints", "base endpoints, and their refusal together with FIPS or dual-stack", "endpoints.TestBaseEndpointsAreUsedAsTheSDKUsesThem"},
		{"Environment", "region, keys, token, endpoint, FIPS, dual-stack, attempts and app ID from environment variables", "environment.TestTheEnvironmentIsReadAsTheSDKReadsIt"},
		{"Environment", "container credentials, with and without a token", "environment.TestContainerCredentialsAreFetchedAsTheSDKFetchesThem"},
		{"Environment", "what cannot be resolved is an error", "environment.TestWhatCannotBeResolvedIsAnErrorAsInTheSDK"},
		{"Streams", "the bytes of streams from none to 20 MB in chunks of 1 byte to 1 MB", "streams.TestStreamsOfEverySizeHaveEqualBytes"},
		{"Streams", "the end: success, function error, exception, log, unknown events, corrupt frames", "streams.TestStreamsEndAsInTheSDK"},
		{"Streams", "all 43 documented exceptions before a stream begins", "streams.TestErrorsBeforeAStreamAreReadAsTheSDKReadsThem"},
		{"An endpoint of others", "echo, thrown error, unknown function, Event, DryRun, client context and 200 calls at a time at serverless-offline", "offline.TestServerlessOffline"},
	}
}
