// Package attempt answers one question for a call: may the function have run?
//
// A call sends requests: one for each attempt, and more where middleware sends by itself. For each of them the answer is
//
//	the request                                         may the function have run?
//	was not written whole                               no
//	was written whole, and the service refused it       no
//	was written whole, and no reply says what happened  yes
//	was answered with a success                         yes
//
// A [Record] collects the requests of a call. The function may have run if the answer is yes for any of them, whatever
// error the call ends with. Where that error says no, Explain puts it into a retry.EarlierAttemptError. Only what the
// library made of a reply counts as a refusal, never an error that middleware returned.
//
// A [Progress] says how far a request came. Package transport fills it in. For a custom HTTP client, package invoke fills it
// in from how much of the payload the client read.
package attempt
