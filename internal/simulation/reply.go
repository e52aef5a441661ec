package simulation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/internal/eventstream"
)

// Headers of requests.
const (
	headerItem    = "X-Amz-Client-Context" // says which item of a Map it is for
	headerStarter = "X-Amz-Tenant-Id"      // says which call starts a durable execution
	headerName    = "X-Amz-Durable-Execution-Name"
)

// reply writes the reply to a request for which r ran, nil if nothing did. It reports whether the connection can serve another request.
func (x *exchange) reply(req *http.Request, a answer, r *run) bool {
	received := x.conn.Received()
	for range a.interim {
		if !x.write([]byte("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")) {
			return false
		}
	}
	switch a.kind {
	case answerClose:
		return false
	case answerReset:
		x.conn.Abort()
		return false
	case answerSilence:
		time.Sleep(21 * time.Minute)
		return false
	case answerGarbage:
		x.write(garbage(a.variant))
		return false
	}
	head, body := x.compose(req, a, r)
	header := []string{"Date: " + x.now().UTC().Format(http.TimeFormat)}
	header = append(header, head.header...)
	if a.lists {
		header = append(header, "Connection: close")
	}
	if a.chunked && len(body) > 0 {
		header, body = append(header, "Transfer-Encoding: chunked"), chunked(body)
	} else if head.status != "204 No Content" {
		header = append(header, "Content-Length: "+strconv.Itoa(len(body)))
	}
	whole := canonical(head.status, header, body)
	if a.kind == answerTorn {
		if len(body) == 0 {
			return false
		}
		x.write(whole[:len(whole)-1-a.variant%len(body)])
		return false
	}
	for range a.stray {
		whole = append(whole, strayReply(a.variant)...)
	}
	if a.pause > 0 {
		cut := len(whole) - a.variant%(len(body)+1)
		if a.stray > 0 {
			cut = len(whole) / 4
		}
		if !x.write(whole[:cut]) {
			return false
		}
		time.Sleep(a.pause)
		whole = whole[cut:]
	}
	if !x.write(whole) {
		return false
	}
	if a.lists && !a.early {
		x.checkLast()
	}
	if a.late > 0 && x.rw == x.conn {
		time.Sleep(a.late)
		if x.conn.Inject(strayReply(a.variant), received) {
			x.history.note(x.call, x.conn.ID(), "service: sends a stray reply on the idle connection")
		}
	}
	return !a.closes
}

// checkLast checks that no request follows on a connection of which the reply said that it closes.
func (x *exchange) checkLast() {
	x.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := x.in.Peek(1); err == nil {
		x.history.fail("connections", x.call, "another request comes on a connection that the reply closes")
	}
}

// head is the beginning of a reply.
type head struct {
	status string
	header []string
}

func (x *exchange) compose(req *http.Request, a answer, r *run) (head, []byte) {
	id := "X-Amzn-Requestid: " + requestID(x.call, x.n)
	switch {
	case a.kind == answerException:
		body := `{"message":"simulated","Type":"User"}`
		h := head{statusLine(a.status), []string{id, "X-Amzn-Errortype: " + a.code, "Content-Type: application/json"}}
		if a.variant%4 == 0 && a.code == "TooManyRequestsException" {
			h.header = append(h.header, "Retry-After: "+strconv.Itoa(a.variant%30))
		}
		return h, []byte(body)
	case a.kind == answerBetween:
		bodies := []string{"<html><h1>Bad gateway</h1></html>", "", `{"message":"Forbidden"}`, "upstream connect error", `<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>`}
		h := head{statusLine(a.status), []string{"Content-Type: text/html", "Server: proxy"}}
		if a.status/100 == 3 {
			h.header = append(h.header, "Location: https://elsewhere.invalid/")
		}
		if x.asks && a.status == http.StatusOK {
			return h, tellOther(x.execution)
		}
		return h, []byte(bodies[a.variant%len(bodies)])
	case x.asks:
		return head{"200 OK", []string{id, "Content-Type: application/json"}}, x.tell(req)
	case req.Header.Get("X-Amz-Invocation-Type") == "DryRun":
		return head{status: "204 No Content", header: []string{id}}, nil
	case req.Header.Get("X-Amz-Invocation-Type") == "Event":
		return head{status: "202 Accepted", header: x.withARN(id)}, nil
	case strings.HasSuffix(req.URL.Path, "/response-streaming-invocations"):
		return x.stream(a, r)
	}
	h := head{"200 OK", x.withARN(id, "X-Amz-Executed-Version: $LATEST", "Content-Type: application/json")}
	body := result(x.call, r, a)
	if a.kind == answerFunctionError {
		h.header = append(h.header, "X-Amz-Function-Error: Unhandled")
		body = []byte(`{"errorMessage":"simulated","errorType":"Error"}`)
	}
	return h, body
}

// withARN adds to the header of a reply which execution it is about.
func (x *exchange) withARN(header ...string) []string {
	if x.execution != nil {
		header = append(header, "X-Amz-Durable-Execution-Arn: "+x.execution.arn)
	}
	return header
}

// result is what the function returns.
func result(call callID, r *run, a answer) []byte {
	out := payload{Call: call.String()}
	if r != nil {
		out.Call, out.Run = r.call.String(), r.id
	}
	switch a.variant % 64 {
	default:
		if a.variant < -1 { // so many bytes in all
			out.Pad = strings.Repeat("x", max(-a.variant-36, 0))
		}
	case 0:
		out.Pad = strings.Repeat("x", 100_000)
	case 1, 2, 3, 4, 5, 6, 7, 8:
		out.Pad = strings.Repeat("x", 300)
	}
	body, _ := json.Marshal(out) // always marshals
	return body
}

// stream is the reply of a streamed invocation: the result in frames.
func (x *exchange) stream(a answer, r *run) (head, []byte) {
	h := head{"200 OK", []string{
		"X-Amzn-Requestid: " + requestID(x.call, x.n), "X-Amz-Executed-Version: $LATEST", "Content-Type: application/vnd.amazon.eventstream",
	}}
	var b bytes.Buffer
	body := result(x.call, r, a)
	torn := a.kind == answerResult && a.variant%31 == 0 // it ends between two frames, before the function's end
	if torn {
		body = body[:len(body)/2]
	}
	for len(body) > 0 {
		n := min(len(body), 1+a.variant%5000)
		must(eventstream.AppendEvent(&b, eventstream.PayloadChunk, body[:n]))
		body = body[n:]
	}
	switch {
	case a.kind == answerFunctionError:
		must(eventstream.AppendComplete(&b, eventstream.Complete{ErrorCode: "Unhandled", ErrorDetails: `{"errorMessage":"simulated"}`}))
	case a.kind == answerResult && a.variant%29 == 0:
		must(eventstream.AppendException(&b, "ServiceException", []byte(`{"message":"simulated"}`)))
	case torn:
	default:
		must(eventstream.AppendComplete(&b, eventstream.Complete{}))
	}
	return h, b.Bytes()
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func requestID(call callID, n int) string { return "r-" + call.String() + "." + strconv.Itoa(n) }

func statusLine(status int) string { return strconv.Itoa(status) + " " + http.StatusText(status) }

// chunked encodes body in two chunks.
func chunked(body []byte) []byte {
	var b bytes.Buffer
	half := (len(body) + 1) / 2
	for _, part := range [][]byte{body[:half], body[half:]} {
		if len(part) > 0 {
			fmt.Fprintf(&b, "%x\r\n%s\r\n", len(part), part)
		}
	}
	b.WriteString("0\r\n\r\n")
	return b.Bytes()
}

// strayReply is one that no request asked for. Who takes it for the reply to the next request is wrong about that.
func strayReply(variant int) []byte {
	switch variant % 3 {
	case 0:
		return canonical("200 OK", []string{"X-Amzn-Requestid: stray", "X-Amz-Executed-Version: $LATEST", "Content-Length: 12"}, []byte(`{"call":"x"}`))
	case 1:
		return canonical("429 Too Many Requests", []string{"X-Amzn-Errortype: TooManyRequestsException", "Content-Length: 2"}, []byte(`{}`))
	default:
		return []byte("\r\n")
	}
}

// garbage is no HTTP reply, or one that must not be believed.
func garbage(variant int) []byte {
	stray := "HTTP/1.1 404 Not Found\r\nX-Amzn-Errortype: ResourceNotFoundException\r\n"
	all := []string{
		"\x15\x03\x01\x00\x02\x02\x46",
		"SSH-2.0-OpenSSH_9.6\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\n\x00broken: \r\n\r\n",
		"HTTP/1.1 502 Bad Gateway\r\nX-Long: " + strings.Repeat("x", 300<<10) + "\r\n\r\n",
		strings.Repeat("HTTP/1.1 100 Continue\r\nX: "+strings.Repeat("y", 4000)+"\r\n\r\n", 100),
		"HTTP/1.1 999999 What\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999999\r\n\r\n",
		stray + "Content-Le",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
	}
	return []byte(all[variant%len(all)])
}
