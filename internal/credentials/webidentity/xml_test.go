package webidentity_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials/webidentity"
)

func TestScanReadsWhatSTSWrites(t *testing.T) {
	for name, tc := range map[string]struct {
		document string
		want     string // the leaves
	}{
		"elements":                {"<a><b>1</b><c>2</c></a>", "a/b=1 a/c=2"},
		"an empty element":        {"<a><b></b><c/><d /></a>", "a/b= a/c= a/d="},
		"a root alone":            {"<a>1</a>", ""},
		"text around elements":    {"<a>x<b>y<c>1</c>z</b></a>", "b/c=1"},
		"space around":            {" \r\n<a>\t<b> 1 2\n</b> </a>\n", "a/b=1 2"},
		"a declaration":           {`<?xml version="1.0" encoding="UTF-8"?><a><b>1</b></a>`, "a/b=1"},
		"attributes":              {`<a x="1" y='>"' z = "/"><b q="</b>">1</b ></a>`, "a/b=1"},
		"an empty one with them":  {`<a><b x="/>"/></a>`, "a/b="},
		"namespaces":              {`<s:a xmlns:s="u"><s:b>1</s:b></s:a>`, "a/b=1"},
		"references":              {"<a><b>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#x1F600;</b></a>", "a/b=<>&\"'AB\U0001F600"},
		"a comment":               {"<!-- <x> --><a><b>1<!-- <y> -->2</b></a><!---->", "a/b=12"},
		"a CDATA section":         {"<a><b><![CDATA[<&]]>x</b></a>", "a/b=<&x"},
		"a processing instructon": {"<a><b>1<?x <y> ?>2</b></a>", "a/b=12"},
	} {
		t.Run(name, func(t *testing.T) {
			var leaves []string
			require.True(t, webidentity.Scan([]byte(tc.document), func(parent, name, text string) {
				leaves = append(leaves, parent+"/"+name+"="+text)
			}))
			require.Equal(t, tc.want, strings.Join(leaves, " "))
		})
	}
}

func TestScanRefusesWhatIsNotOneDocument(t *testing.T) {
	for _, document := range []string{
		"", " ", "x", "<", "<a", "<a>", "</a>", "<a></b>", "<a><b></a></b>", "<a/><b/>", "<a/>x", "x<a/>", "<>", "< a/>", "</>", "<a x='>", "<a <b/></a>",
		"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<!DOCTYPE a><a/>", "<a><!DOCTYPE b></a>", "<a>&x;</a>", "<a>&</a>", "<a>&#;</a>", "<a>&#xG;</a>", "<a>&#x110000000;</a>", "<a>&lt</a>",
		"<!-- <a/>", "<a><![CDATA[x</a>", "<![CDATA[x]]><a/>", "<?xml <a/>", "&lt;<a/>",
		strings.Repeat("<a>", 17) + strings.Repeat("</a>", 17),
	} {
		require.False(t, webidentity.Scan([]byte(document), func(string, string, string) {}), document)
	}
	deep := strings.Repeat("<a>", 16) + strings.Repeat("</a>", 16)
	require.True(t, webidentity.Scan([]byte(deep), func(string, string, string) {}))
}

// FuzzScan holds the scanner against encoding/xml: of a document that encoding/xml
// accepts, both find the same leaves. Document types are refused here, and elements
// of many levels.
func FuzzScan(f *testing.F) {
	for _, document := range []string{
		success, refusal("AccessDenied", "a &amp; b"), "<a><b>&#x41;<!-- - --><![CDATA[]]]></b></a>", `<a x="'" y='"'><b/></a>`, "<?x?><a:b><c:d/></a:b>", "<a>\r\n<b>\r1\r\n2\r3</b></a>", "<:a><b:>1</b:></:a>",
	} {
		f.Add([]byte(document))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		var got []string
		ok := webidentity.Scan(document, func(parent, name, text string) { got = append(got, parent+"/"+name+"="+text) })
		want, valid := reference(document)
		if valid {
			require.True(t, ok, "%q", document)
			require.Equal(t, lines(want), lines(got), "%q", document)
		}
	})
}

// lines makes all ends of lines the same: the scanner leaves them as they are.
func lines(leaves []string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.Join(leaves, " "))
}

// reference returns the leaves that encoding/xml finds, and whether document is one
// that the scanner should read.
func reference(document []byte) (leaves []string, ok bool) {
	type element struct {
		name string
		text strings.Builder
		full bool
	}
	var open []*element
	roots := 0
	decoder := xml.NewDecoder(bytes.NewReader(document))
	for {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			return leaves, roots == 1 && len(open) == 0
		}
		if err != nil {
			return nil, false
		}
		switch token := token.(type) {
		case xml.StartElement:
			if len(open) == 0 {
				roots++
			}
			for _, attr := range token.Attr {
				if strings.Contains(attr.Value, "<") {
					return nil, false // which XML forbids, and encoding/xml allows
				}
			}
			if len(open) > 0 {
				open[len(open)-1].full = true
			}
			open = append(open, &element{name: token.Name.Space + ":" + token.Name.Local})
		case xml.EndElement:
			last := len(open) - 1
			if last < 0 || open[last].name != token.Name.Space+":"+token.Name.Local {
				return nil, false
			}
			if !open[last].full && last > 0 {
				leaves = append(leaves, local(open[last-1].name)+"/"+local(open[last].name)+"="+strings.TrimSpace(open[last].text.String()))
			}
			open = open[:last]
		case xml.CharData:
			if len(open) == 0 {
				if len(bytes.TrimSpace(token)) > 0 {
					return nil, false
				}
				continue
			}
			open[len(open)-1].text.Write(token)
		case xml.Directive:
			return nil, false
		}
		if len(open) > 16 || roots > 1 {
			return nil, false
		}
	}
}

func local(name string) string {
	_, rest, _ := strings.Cut(name, ":")
	return rest
}

// FuzzRetrieve: whatever is answered, there are credentials or an error that shows no
// secret.
func FuzzRetrieve(f *testing.F) {
	f.Add(200, []byte(success))
	f.Add(400, []byte(refusal("AccessDenied", secretToken)))
	f.Add(302, []byte("<html>"))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status == 429 || status >= 500 {
			status = 403
		}
		if code, _ := webidentity.Code(body); webidentity.Retryable(code) {
			return // it is tried again, which takes its time
		}
		p, err := webidentity.New(config(t, func(r *http.Request) (*http.Response, error) { return answers(status, string(body))(r) }))
		require.NoError(t, err)
		creds, err := p.Retrieve(t.Context())
		if err != nil {
			require.Zero(t, creds)
			require.NotContains(t, err.Error(), secretToken)
			require.NotContains(t, err.Error(), "\n")
			require.Less(t, len(err.Error()), 4<<10)
			return
		}
		require.Equal(t, 200, status)
		require.NotEmpty(t, creds.SessionToken)
	})
}
