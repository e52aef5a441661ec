package endpoints

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lambda-invoke/lambda-invoke-go/internal/endpoint"
)

// Variant is a region with the switches that choose its endpoint.
type Variant struct {
	Region          string
	FIPS, DualStack bool
	BaseEndpoint    string
}

// Target is where a call goes and the region it is signed for.
type Target struct {
	URL, SigningRegion string
}

// path is that of a call of function "f", below the endpoint.
const path = "/2015-03-31/functions/f/invocations"

// Ours asks internal/endpoint.
func Ours(v Variant) (Target, error) {
	e, err := endpoint.Resolve(endpoint.Input{
		Region: v.Region, UseFIPS: v.FIPS, UseDualStack: v.DualStack, BaseEndpoint: v.BaseEndpoint,
	})
	if err != nil {
		return Target{}, err
	}
	return Target{e.Scheme + "://" + e.Host + e.RawBasePath + path, e.SigningRegion}, nil
}

// Rules asks the SDK's resolver alone.
func Rules(v Variant) (Target, error) {
	params := lambda.EndpointParameters{Region: &v.Region, UseFIPS: &v.FIPS, UseDualStack: &v.DualStack}
	if v.BaseEndpoint != "" {
		params.Endpoint = &v.BaseEndpoint
	}
	e, err := lambda.NewDefaultEndpointResolverV2().ResolveEndpoint(context.Background(), params)
	if err != nil {
		return Target{}, err
	}
	return Target{strings.TrimSuffix(e.URI.String(), "/") + path, v.Region}, nil
}

// Client asks the SDK's whole client, which changes the region before its resolver sees it: a call is made, and stopped
// before it leaves.
func Client(v Variant) (Target, error) {
	opts := lambda.Options{
		Region:      v.Region,
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}
	if v.FIPS {
		opts.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateEnabled
	}
	if v.DualStack {
		opts.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateEnabled
	}
	if v.BaseEndpoint != "" {
		opts.BaseEndpoint = &v.BaseEndpoint
	}
	var target Target
	opts.HTTPClient = doer(func(req *http.Request) (*http.Response, error) {
		target.URL = req.URL.String()
		if scope := strings.Split(req.Header.Get("Authorization"), "/"); len(scope) > 2 {
			target.SigningRegion = scope[2]
		}
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(&bytes.Buffer{})}, nil
	})
	_, err := lambda.New(opts).Invoke(context.Background(), &lambda.InvokeInput{FunctionName: aws.String("f")})
	return target, err
}

type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(req *http.Request) (*http.Response, error) { return d(req) }
