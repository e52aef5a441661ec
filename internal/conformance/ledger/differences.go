package ledger

// Differences lists what is not alike, and the reason for each.
func Differences() []Difference {
	return []Difference{
		{
			"Requests", "by nature", "own `User-Agent`", "own `User-Agent`",
			"Each client says who it is. The random ID of a call, the date and the signature that follows from them are never equal either.",
			"requests.TestRequestsEqualThoseOfTheSDK",
		},
		{
			"Requests", "`Accept-Encoding`", "not sent", "`gzip`",
			"The service does not compress payloads, and a payload unpacked on the way could be of any size.",
			"requests.TestNoCompressedReplyIsAskedFor",
		},
		{
			"Requests", "base path with an escape in it", "name escaped as everywhere", "`:` and `$` of the name unescaped",
			"A name is one path segment, escaped alike wherever the endpoint is.",
			"requests.TestANameIsEscapedBelowAnEscapedBasePathToo",
		},
		{
			"Requests", "name that is empty, `.`, `..`, a URL or has a slash", "refused before anything is sent, with what to pass", "sent",
			"It is no function's name, and proxies fold such segments away.",
			"requests.TestNamesThatCannotBeSentAreRefusedBeforeAnythingIsSent",
		},
		{
			"Requests", "ARN of another region or partition", "refused before anything is sent; with `UseARNRegion`, sent to the ARN's region", "sent to the client's region",
			"The function is not there.",
			"requests.TestAnARNOfAnotherRegionIsRefusedBeforeAnythingIsSent",
		},
		{
			"Requests", "control characters in a header member", "`smithy.InvalidParamsError` that names the field", "up to three attempts that net/http refuses",
			"A mistake of the caller is told as one, at once.",
			"requests.TestControlCharactersInHeaderMembersAreRefusedBeforeAnythingIsTried",
		},
		{
			"Requests", "members set to an empty text", "left out", "sent empty",
			"Members are plain values here, whose zero value means not set.",
			"requests.TestEmptyMembersAreNotSent",
		},
		{
			"Signatures", "runs of spaces in a header value", "folded, as in the specification's example", "folded too; aws-http-auth does not",
			"The service folds them and refuses the other signature.",
			"signatures.TestRunsOfSpacesAreFoldedAsInTheSpecificationsExample",
		},
		{
			"Signatures", "IPv6 address with the scheme's default port", "`[::1]`", "`::1`",
			"A Host header without brackets is malformed.",
			"signatures.TestAnIPv6HostKeepsItsBrackets",
		},
		{
			"Replies", "`RequestEntityTooLargeException`", "`*RequestTooLargeException`", "no type",
			"The service says the one and documents the other.",
			"replies.TestATooLargeRequestHasItsDocumentedType",
		},
		{
			"Replies", "code without its suffix (`ResourceNotFound`)", "the documented type", "no type",
			"SAM's local endpoint answers so.",
			"replies.TestCodesWithoutTheirSuffixHaveTheirTypes",
		},
		{
			"Replies", "body with both `code` and `__type`", "`code` counts", "`__type` counts",
			"The order of the wire contract.",
			"replies.TestOfTwoCodesInABodyTheOneNamedCodeCounts",
		},
		{
			"Replies", "fault of a code outside the table", "as the status says", "unknown",
			"A 4xx is the caller's, a 5xx the service's.",
			"replies.TestUndocumentedCodesAreReadAsTheSDKReadsThem",
		},
		{
			"Replies", "neither code nor message", "beginning of the body as message", "`UnknownError` as message",
			"What the body says is the only clue there is.",
			"replies.TestRepliesWithoutACodeAreReadAsTheSDKReadsThem",
		},
		{
			"Replies", "control characters in a message", "as they are in `Message`, one printable line in `Error()`", "as they are in both",
			"An error ends up in logs and terminals.",
			"replies.TestAnErrorIsOnePrintableLine",
		},
		{
			"Replies", "success that is a page of HTML or XML, without a header of Lambda's", "`*UnexpectedResponseError`; may have run", "taken for the function's result",
			"A captive portal, a proxy or a load balancer answers so.",
			"replies.TestASuccessThatIsNotTheServicesIsAnError",
		},
		{
			"Replies", "`InvalidRequestContentException`", "says what is wrong with the payload that was sent, and at which byte", "the service's message alone",
			"The service quotes a byte and not its place.",
			"replies.TestARefusedPayloadIsDiagnosed",
		},
		{
			"Replies", "body that is no error document (HTML, XML, cut off, 10 MB)", "`*LambdaServiceException` with status, request ID and a short message", "`*smithy.DeserializationError`, no API error",
			"The status is known, and callers look for an error of the service.",
			"replies.TestABodyThatIsNoErrorDocumentIsAnErrorOfTheServiceAllTheSame",
		},
		{
			"Replies", "function error under an error status", "its message; may have run", "`UnknownError`",
			"AWS's runtime interface emulator answers so when a function panics.",
			"replies.TestAFunctionErrorUnderAnErrorStatusShowsItsMessage",
		},
		{
			"Replies", "307 and 308", "an error", "followed when there is no payload, without limit",
			"It would run the function at an address that nobody chose.",
			"replies.TestRedirectsAreNeverFollowed",
		},
		{
			"Endpoints", "region `fips-us-east-1`: signed for", "`us-east-1`", "`fips-us-east-1`",
			"That is the region that exists.",
			"endpoints.TestRegionsThatSpellFIPSAreSignedForTheRegionThatExists",
		},
		{
			"Endpoints", "region with dots in it", "refused", "becomes part of the host",
			"A region is one host label.",
			"endpoints.TestRegionsOfSeveralLabelsAreRefused",
		},
		{
			"Endpoints", "base endpoint with plain http at the service's own domains, a user, a query or a fragment", "refused", "used",
			"It can only be a mistake, and the first one shows payloads to the network.",
			"endpoints.TestBaseEndpointsThatCanOnlyBeMistakesAreRefused",
		},
		{
			"Environment", "profiles and shared files", "`NewFromEnv` refuses and points to `invoke/awsconfig`", "read",
			"A client that reads the environment alone never falls through to another account in silence.",
			"environment.TestWhatLiesInSharedFilesIsLeftToAwsconfig",
		},
		{
			"Environment", "app ID of more than 50 characters", "refused", "sent",
			"The documented limit.",
			"environment.TestAnAppIDThatIsTooLongIsRefused",
		},
		{
			"Streams", "net/http asks for the payload's end after the response began", "answered", "refused, which breaks the stream: seven of 400 on loopback",
			"The order of the two is chance, and no reason to lose an answer.",
			"streams.TestAStreamOutlivesItsPayload",
		},
		{
			"Streams", "success that is no event stream", "`*UnexpectedResponseError` from the call", "a broken stream, or a silent empty one",
			"A proxy's page is no answer.",
			"streams.TestWhatIsNoStreamIsRefusedByTheCall",
		},
		{
			"Streams", "end before the function's end (`InvokeComplete`)", "`*TransportError`", "no error where the connection closes in good order, even within a frame",
			"A half answer must not pass for a whole one.",
			"streams.TestAStreamThatIsCutAnywhereIsNeverTakenForWhole",
		},
		{
			"Retries", "the function may have run", "one attempt, unless the call is idempotent", "up to three",
			"A second attempt can run it twice. `go run ./cmd/duplicates` counts how often.",
			"duplicates.TestNoFunctionRunsTwiceWhereTheSDKRunsManyTwice",
		},
		{
			"Retries", "documented errors", "by the table of exceptions", "by the status: every 500, 502, 503, 504, no 408 or 409",
			"A disabled key stays disabled; a snapshot that is not ready soon is.",
			"attempts.TestTheSDKTriesServerErrorsAgainAndPassingConflictsNot",
		},
	}
}
