package awsconfig_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/invoke"
	"github.com/lambda-invoke/lambda-invoke-go/invoke/awsconfig"
)

// rotating hands out KEY1, KEY2 and so on, each for an hour.
type rotating struct {
	asked int
	fail  error
}

func (r *rotating) Retrieve(context.Context) (aws.Credentials, error) {
	r.asked++
	if r.fail != nil {
		return aws.Credentials{}, r.fail
	}
	return aws.Credentials{
		AccessKeyID: fmt.Sprint("KEY", r.asked), SecretAccessKey: "the-secret-key",
		CanExpire: true, Expires: time.Now().Add(time.Hour),
	}, nil
}

func TestCredentialsBehindACacheOfTheSDKAreRefreshedAheadOfTheirExpiry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		provider := &rotating{}
		client, sent := newClient(t, aws.Config{Credentials: aws.NewCredentialsCache(provider)})
		require.Equal(t, "KEY1", signedWith(t, client, sent))
		time.Sleep(time.Hour - 2*time.Minute)
		require.Equal(t, "KEY1", signedWith(t, client, sent), "the refresh is in the background")
		synctest.Wait()
		require.Equal(t, "KEY2", signedWith(t, client, sent))
		require.Equal(t, 2, provider.asked)
	})
}

func TestOldCredentialsAreUsedAsLongAsARefreshBehindACacheFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		provider := &rotating{}
		client, sent := newClient(t, aws.Config{Credentials: aws.NewCredentialsCache(provider)})
		require.Equal(t, "KEY1", signedWith(t, client, sent))
		provider.fail = errors.New("the session has ended")
		time.Sleep(time.Hour - 2*time.Minute)
		for range 100 {
			require.Equal(t, "KEY1", signedWith(t, client, sent))
			synctest.Wait()
			time.Sleep(time.Second)
		}
		time.Sleep(time.Minute)
		_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
		require.ErrorIs(t, err, provider.fail)
	})
}

func TestCredentialsThatTheServiceCallsExpiredAreAskedForAnew(t *testing.T) {
	provider := &rotating{}
	sent := &keep{}
	cfg := aws.Config{Region: "us-east-1", Credentials: aws.NewCredentialsCache(provider), HTTPClient: doFunc(func(r *http.Request) (*http.Response, error) {
		response, err := sent.Do(r)
		if strings.Contains(r.Header.Get("Authorization"), "Credential=KEY1/") {
			response.StatusCode = http.StatusForbidden
			response.Header.Set("X-Amzn-Errortype", "ExpiredTokenException")
		}
		return response, err
	})}
	client, err := invoke.New(awsconfig.FromConfig(cfg))
	require.NoError(t, err)
	require.Equal(t, "KEY2", signedWith(t, client, sent))
}

func TestAProviderOfTheSDKShowsNoSecret(t *testing.T) {
	opts := awsconfig.FromConfig(aws.Config{Credentials: aws.NewCredentialsCache(&rotating{})})
	_, err := opts.Credentials.Retrieve(t.Context())
	require.NoError(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		require.NotContains(t, fmt.Sprintf(verb, opts), "the-secret-key")
		require.Equal(t, "CredentialsProvider(aws-sdk-go-v2, secret hidden)", fmt.Sprintf(verb, opts.Credentials))
	}
}

type doFunc func(*http.Request) (*http.Response, error)

func (f doFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

// newClient makes a client from cfg that sends nothing anywhere.
func newClient(t *testing.T, cfg aws.Config) (*invoke.Client, *keep) {
	t.Helper()
	sent := &keep{}
	cfg.Region, cfg.HTTPClient = "us-east-1", sent
	client, err := invoke.New(awsconfig.FromConfig(cfg))
	require.NoError(t, err)
	return client, sent
}

// signedWith makes a call and returns the access key ID that signed it.
func signedWith(t *testing.T, client *invoke.Client, sent *keep) string {
	t.Helper()
	_, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	_, rest, _ := strings.Cut(sent.request.Header.Get("Authorization"), "Credential=")
	key, _, _ := strings.Cut(rest, "/")
	return key
}

func TestClientsOfTheSameOptionsShareTheSDKsCache(t *testing.T) {
	var asked atomic.Int64
	opts := awsconfig.FromConfig(aws.Config{
		Region: "us-east-1",
		Credentials: aws.NewCredentialsCache(aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: fmt.Sprint("KEY", asked.Add(1)), SecretAccessKey: "secret", CanExpire: true, Expires: time.Now().Add(time.Hour)}, nil
		})),
	})
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			_, err := opts.Credentials.Retrieve(t.Context())
			require.NoError(t, err)
		})
	}
	clients.Wait()
	require.EqualValues(t, 1, asked.Load())
}
