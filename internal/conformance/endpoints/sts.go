package endpoints

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/lambda-invoke/lambda-invoke-go/internal/endpoint"
)

// OurSTS asks internal/endpoint for the URL of STS.
func OurSTS(v Variant) (string, error) {
	e, err := endpoint.ResolveSTS(endpoint.Input{
		Region: v.Region, UseFIPS: v.FIPS, UseDualStack: v.DualStack, BaseEndpoint: v.BaseEndpoint,
	})
	if err != nil {
		return "", err
	}
	return e.Scheme + "://" + e.Host + cmp.Or(e.RawBasePath, "/"), nil
}

// STS has the SDK's client make the one request that takes no credentials, and stops it before it leaves.
func STS(v Variant) (url string, err error) {
	opts := sts.Options{Region: v.Region}
	if v.FIPS {
		opts.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateEnabled
	}
	if v.DualStack {
		opts.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateEnabled
	}
	if v.BaseEndpoint != "" {
		opts.BaseEndpoint = &v.BaseEndpoint
	}
	opts.HTTPClient = doer(func(req *http.Request) (*http.Response, error) {
		url = req.URL.String()
		return &http.Response{StatusCode: 400, Header: http.Header{}, Body: io.NopCloser(&bytes.Buffer{})}, nil
	})
	_, err = sts.New(opts).AssumeRoleWithWebIdentity(context.Background(), &sts.AssumeRoleWithWebIdentityInput{
		RoleArn: aws.String("r"), RoleSessionName: aws.String("n"), WebIdentityToken: aws.String("t"),
	})
	if url != "" {
		return url, nil
	}
	return "", err
}
