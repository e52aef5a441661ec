package signatures

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsv4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go/aws-http-auth/credentials"
	smithysigv4 "github.com/aws/smithy-go/aws-http-auth/sigv4"
	smithyv4 "github.com/aws/smithy-go/aws-http-auth/v4"

	"github.com/lambda-invoke/lambda-invoke-go/internal/sigv4"
)

// Signed is what a signer added to a request.
type Signed struct {
	Authorization, Date, Token string
}

func signed(h http.Header) Signed {
	return Signed{h.Get("Authorization"), h.Get("X-Amz-Date"), h.Get("X-Amz-Security-Token")}
}

// Ours signs with internal/sigv4.
func Ours(signer *sigv4.Signer, c Case) (Signed, error) {
	req := clone(c)
	creds := sigv4.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.Secret, SessionToken: c.Token}
	err := signer.Sign(req, &creds, sigv4.PayloadHash(c.Payload), c.Service, c.Region, c.Time)
	return signed(req.Header), err
}

// SDK signs with the AWS SDK for Go's signer.
func SDK(signer *awsv4.Signer, c Case) (Signed, error) {
	req := clone(c)
	sum := sha256.Sum256(c.Payload)
	creds := aws.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.Secret, SessionToken: c.Token}
	err := signer.SignHTTP(context.Background(), creds, req, hex.EncodeToString(sum[:]), c.Service, c.Region, c.Time)
	return signed(req.Header), err
}

// HTTPAuth signs with smithy-go's aws-http-auth. It signs the headers it finds, so what the other two take from the
// request's fields, the length and a host without the scheme's default port, is given to it as they do it.
func HTTPAuth(signer *smithysigv4.Signer, c Case) (Signed, error) {
	req := clone(c)
	req.Host = req.URL.Host
	if port := map[string]string{"https": ":443", "http": ":80"}[req.URL.Scheme]; strings.HasSuffix(req.Host, port) {
		req.Host = strings.TrimSuffix(req.Host, port)
	}
	if req.ContentLength > 0 {
		req.Header.Set("Content-Length", strconv.FormatInt(req.ContentLength, 10))
	}
	sum := sha256.Sum256(c.Payload)
	err := signer.SignRequest(&smithysigv4.SignRequestInput{
		Request:     req,
		PayloadHash: sum[:],
		Credentials: credentials.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.Secret, SessionToken: c.Token},
		Service:     c.Service,
		Region:      c.Region,
		Time:        c.Time,
	}, func(o *smithyv4.SignerOptions) { o.HeaderRules = allButUnsigned{} })
	return signed(req.Header), err
}

// allButUnsigned signs what the AWS SDKs sign; aws-http-auth's own default is Host and X-Amz-* alone.
type allButUnsigned struct{}

func (allButUnsigned) IsSigned(name string) bool {
	switch strings.ToLower(name) {
	case "authorization", "user-agent", "x-amzn-trace-id", "expect", "transfer-encoding":
		return false
	}
	return true
}

// clone gives each signer a request of its own: all of them write to it.
func clone(c Case) *http.Request {
	req := c.Request.Clone(context.Background())
	req.Body = io.NopCloser(bytes.NewReader(c.Payload))
	return req
}
