package wire_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

func TestInvokePath(t *testing.T) {
	for name, c := range map[string]struct {
		escaped string
		raw     bool // whether url.URL needs to be told
	}{
		"plain-name_1.x~":              {"plain-name_1.x~", false},
		"fn:alias":                     {"fn%3Aalias", true},
		"fn:$LATEST":                   {"fn%3A%24LATEST", true},
		"123456789012:function:f":      {"123456789012%3Afunction%3Af", true},
		"arn:aws:lambda:us-east-1:1:f": {"arn%3Aaws%3Alambda%3Aus-east-1%3A1%3Af", true},
		"a/b":                          {"a%2Fb", true},
		"a b":                          {"a%20b", false},
		"a%2Fb":                        {"a%252Fb", false},
		"?x=1":                         {"%3Fx%3D1", true},
		"?#[]!'()*":                    {"%3F%23%5B%5D%21%27%28%29%2A", false},
		"+&,;=@":                       {"%2B%26%2C%3B%3D%40", true},
		"é失\x00\xff":                   {"%C3%A9%E5%A4%B1%00%FF", false},
		"..":                           {"..", false},
		"":                             {"", false},
	} {
		t.Run(name, func(t *testing.T) {
			path, raw := wire.InvokePath(name)
			require.Equal(t, "/2015-03-31/functions/"+name+"/invocations", path)
			require.Equal(t, c.raw, raw != "")
			u := url.URL{Path: path, RawPath: raw}
			require.Equal(t, "/2015-03-31/functions/"+c.escaped+"/invocations", u.EscapedPath())

			path, raw = wire.ResponseStreamPath(name)
			u = url.URL{Path: path, RawPath: raw}
			require.Equal(t, "/2021-11-15/functions/"+c.escaped+"/response-streaming-invocations", u.EscapedPath())

			path, raw = wire.DurableExecutionPath(name)
			u = url.URL{Path: path, RawPath: raw}
			require.Equal(t, "/2025-12-01/durable-executions/"+c.escaped, u.EscapedPath())

			path, raw = wire.StopDurableExecutionPath(name)
			u = url.URL{Path: path, RawPath: raw}
			require.Equal(t, "/2025-12-01/durable-executions/"+c.escaped+"/stop", u.EscapedPath())
		})
	}
}

func TestInvokePathAllocatesWhatItReturns(t *testing.T) {
	for name, want := range map[string]float64{"plain": 1, "fn:alias": 2} {
		require.Equal(t, want, testing.AllocsPerRun(100, func() { wire.InvokePath(name) }), name)
	}
	require.Zero(t, testing.AllocsPerRun(100, func() { wire.EscapeQuery("7") }))
}

func TestEscapeQuery(t *testing.T) {
	for in, want := range map[string]string{
		"":                  "",
		"live-1_2.3~":       "live-1_2.3~",
		"$LATEST":           "%24LATEST",
		"$LATEST.PUBLISHED": "%24LATEST.PUBLISHED",
		"a b+c&d=e/f":       "a%20b%2Bc%26d%3De%2Ff",
		"é":                 "%C3%A9",
	} {
		require.Equal(t, want, wire.EscapeQuery(in))
	}
}

func TestPercentEncodeTrace(t *testing.T) {
	const id = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
	for in, want := range map[string]string{
		"":                      "",
		id:                      id,
		`-=;:+&[]{}"',`:         `-=;:+&[]{}"',`,
		"a b\n\x00":             "a%20b%0A%00",
		"._~%/é":                "%2E%5F%7E%25%2F%C3%A9",
		"Root=1\r\nX-Forged: 1": "Root=1%0D%0AX-Forged:%201",
	} {
		require.Equal(t, want, wire.PercentEncodeTrace(in))
	}
}

func FuzzPaths(f *testing.F) {
	f.Add("arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST")
	f.Add("a/b c%2F\x00é?#")
	f.Fuzz(func(t *testing.T, name string) {
		for _, build := range []func(string) (string, string){wire.InvokePath, wire.ResponseStreamPath} {
			path, raw := build(name)
			u := url.URL{Path: path, RawPath: raw}
			escaped := u.EscapedPath()
			require.Equal(t, 4, strings.Count(escaped, "/"), "one segment")
			back, err := url.PathUnescape(escaped)
			require.NoError(t, err)
			require.Equal(t, path, back)
			requireStrict(t, strings.ReplaceAll(escaped, "/", ""))
		}
		requireStrict(t, wire.EscapeQuery(name))
		back, err := url.QueryUnescape(wire.EscapeQuery(name))
		require.NoError(t, err)
		require.Equal(t, name, back)
		back, err = url.PathUnescape(wire.PercentEncodeTrace(name))
		require.NoError(t, err)
		require.Equal(t, name, back)
	})
}

// requireStrict checks that s has nothing but unreserved characters and %XX in capitals.
func requireStrict(t *testing.T, s string) {
	t.Helper()
	require.Regexp(t, `^([A-Za-z0-9._~-]|%[0-9A-F]{2})*$`, s)
}
