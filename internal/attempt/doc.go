// Package attempt answers one question for a call: may the function have run?
//
// A call sends requests: one for each attempt, and more where middleware sends by itself. Each has an outcome, and a
// [Record] folds them; the fold only ever grows worse.
//
//	the request                                        its outcome    may the function have run?
//	was not written whole                              NotSent        no
//	was answered by a refusal of the service           Refused        no
//	was written whole, and no answer says what became  MayHaveRun     yes
//	was answered by a success                          Answered       yes
//
// The function may have run if that holds for any request of the call, whatever error the call ends with: the error is
// then put into a retry.EarlierAttemptError, unless it says so itself. Only what the library made of an answer counts as
// a refusal, never an error that middleware brought.
//
// How far a request came is a [Progress]. Package transport fills it in; for the HTTP clients of others, package invoke
// does, from what they took of the payload.
package attempt
