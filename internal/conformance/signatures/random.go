package signatures

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Case is one request to sign, with all a signer needs to know.
type Case struct {
	Request         *http.Request
	Payload         []byte
	AccessKeyID     string
	Secret          string
	Token           string // may be empty
	Region, Service string
	Time            time.Time
}

// The alphabets that names and values are made of. Each holds what its place allows and the bytes that are escaped there.
const (
	plain    = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
	reserved = plain + " !\"#$%&'()*+,/:;<=>?@[\\]^`{|}~.é世😀"
	printed  = plain + "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}~."
)

// Random makes the request that seed stands for. spaces puts runs of spaces into header values.
func Random(seed uint64, spaces bool) Case {
	r := rand.New(rand.NewPCG(seed, 1))
	c := Case{
		AccessKeyID: word(r, plain, 16, 24),
		Secret:      word(r, printed, 1, 60),
		Region:      pick(r, "us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1", word(r, plain, 1, 20)),
		Service:     "lambda",
		Time:        time.Unix(r.Int64N(4_000_000_000), r.Int64N(1e9)).In(time.FixedZone("", r.IntN(24*3600)-12*3600)),
	}
	if r.IntN(2) == 0 {
		c.Token = word(r, printed, 1, 800)
	}
	c.Payload = make([]byte, pick(r, 0, 1, r.IntN(4096)))
	for i := range c.Payload {
		c.Payload[i] = byte(r.Uint32())
	}
	c.Request = request(r, spaces)
	c.Request.ContentLength = int64(len(c.Payload))
	return c
}

func request(r *rand.Rand, spaces bool) *http.Request {
	u := &url.URL{Scheme: pick(r, "https", "http"), Host: host(r)}
	segments := []string{""}
	if r.IntN(4) == 0 {
		segments = append(segments, word(r, plain, 1, 8))
	}
	segments = append(segments, "2015-03-31", "functions", word(r, reserved, 1, 60), "invocations")
	escaped := make([]string, len(segments))
	for i, s := range segments {
		escaped[i] = escape(s)
	}
	u.Path, u.RawPath = strings.Join(segments, "/"), strings.Join(escaped, "/")

	var query []string
	for range r.IntN(4) {
		// Names of unreserved characters only: the other two sort names before they escape them, the specification after.
		// The operation has one parameter, so it never matters.
		query = append(query, word(r, plain, 1, 12)+"="+escape(word(r, reserved, 0, 20)))
	}
	u.RawQuery = strings.Join(query, "&")

	h := http.Header{}
	for _, name := range []string{
		"Content-Type", "Amz-Sdk-Request", "Amz-Sdk-Invocation-Id", "X-Amz-Client-Context", "X-Amz-Tenant-Id",
		"X-Amz-Invocation-Type", "X-Amz-Durable-Execution-Name", "X-Custom-Header",
		"User-Agent", "X-Amzn-Trace-Id", // these two are never signed
	} {
		if r.IntN(2) == 0 {
			h.Set(name, value(r, spaces))
		}
	}
	return &http.Request{Method: pick(r, "POST", "POST", "GET", "PUT"), URL: u, Header: h}
}

// host is a name or an address, with the scheme's default port, another one, or none. An IPv6 address has a port of its
// own here, because the SDK's signer takes its brackets away with a default port.
func host(r *rand.Rand) string {
	if r.IntN(5) == 0 {
		return "[::1]:3002"
	}
	return pick(r, "lambda.us-east-1.amazonaws.com", "localhost", "127.0.0.1") + pick(r, "", "", ":80", ":443", ":3002")
}

// value is a header's value: printable words and bytes beyond ASCII, with single spaces or runs of them between.
func value(r *rand.Rand, spaces bool) string {
	words := make([]string, 1+r.IntN(5))
	for i := range words {
		words[i] = word(r, printed+"é世", 1, 20)
		if spaces {
			words[i] = strings.Repeat(" ", r.IntN(4)) + words[i] + strings.Repeat(" ", r.IntN(4))
		}
	}
	return strings.Join(words, " ")
}

// word is a text of min to max characters of the alphabet.
func word(r *rand.Rand, alphabet string, min, max int) string {
	letters := []rune(alphabet)
	out := make([]rune, min+r.IntN(max-min+1))
	for i := range out {
		out[i] = letters[r.IntN(len(letters))]
	}
	return string(out)
}

// escape percent-encodes all but RFC 3986's unreserved bytes.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

func pick[T any](r *rand.Rand, choices ...T) T { return choices[r.IntN(len(choices))] }
