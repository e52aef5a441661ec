package invoke_test

import (
	"context"
	stderrors "errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/invoke"
)

// rotatingProvider hands out KEY1, KEY2 and so on, each for lifetime, and
// notes when it was asked.
type rotatingProvider struct {
	lifetime time.Duration
	asked    []time.Time
	fail     error         // what to return instead
	hold     chan struct{} // what to wait for first, if not nil
}

func (p *rotatingProvider) Retrieve(ctx context.Context) (invoke.Credentials, error) {
	p.asked = append(p.asked, time.Now())
	if p.hold != nil {
		select {
		case <-p.hold:
		case <-ctx.Done():
			return invoke.Credentials{}, ctx.Err()
		}
	}
	if p.fail != nil {
		return invoke.Credentials{}, p.fail
	}
	creds := invoke.Credentials{AccessKeyID: fmt.Sprint("KEY", len(p.asked)), SecretAccessKey: "secret"}
	if p.lifetime != 0 {
		creds.Expires = time.Now().Add(p.lifetime)
	}
	return creds, nil
}

// keyWatcher is an HTTP client that answers 200 and notes the access key that
// each request is signed with.
type keyWatcher struct {
	mu   sync.Mutex
	keys []string
}

func (w *keyWatcher) Do(request *http.Request) (*http.Response, error) {
	_, rest, _ := strings.Cut(request.Header.Get("Authorization"), "Credential=")
	key, _, _ := strings.Cut(rest, "/")
	w.mu.Lock()
	defer w.mu.Unlock()
	w.keys = append(w.keys, key)
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
}

func (w *keyWatcher) last() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.keys) == 0 {
		return ""
	}
	return w.keys[len(w.keys)-1]
}

// caller makes calls with the credentials of a provider.
type caller struct {
	*keyWatcher
	client *invoke.Client
}

func newCaller(t *testing.T, provider invoke.CredentialsProvider) caller {
	t.Helper()
	watcher := &keyWatcher{}
	client, err := invoke.New(invoke.Options{Region: "us-east-1", Credentials: provider, HTTPClient: watcher})
	require.NoError(t, err)
	return caller{watcher, client}
}

func (c caller) call(ctx context.Context) error {
	_, err := c.client.Invoke(ctx, &invoke.InvokeInput{FunctionName: "f"})
	return err
}

func TestManyConcurrentCallersShareOneRetrieval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		provider := &rotatingProvider{hold: make(chan struct{})}
		c := newCaller(t, provider)
		var callers sync.WaitGroup
		for range 100 {
			callers.Go(func() { require.NoError(t, c.call(t.Context())) })
		}
		synctest.Wait() // all of them are waiting
		close(provider.hold)
		callers.Wait()
		require.Len(t, provider.asked, 1)
		require.Len(t, c.keys, 100)

		time.Sleep(1000 * time.Hour)
		require.NoError(t, c.call(t.Context()))
		require.Len(t, provider.asked, 1, "credentials without an expiry hold for ever")
	})
}

func TestARefreshThatFailsFailsNoCallBeforeTheCredentialsExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		provider := &rotatingProvider{lifetime: time.Hour}
		c := newCaller(t, provider)
		require.NoError(t, c.call(t.Context()))
		provider.fail = stderrors.New("the agent is being updated")
		time.Sleep(59 * time.Minute)
		require.NoError(t, c.call(t.Context()))
		synctest.Wait()
		require.Len(t, provider.asked, 2)
		require.NoError(t, c.call(t.Context()))
		require.Equal(t, "KEY1", c.last())
		time.Sleep(time.Minute)

		err := c.call(t.Context())
		var credentials *errors.CredentialsError
		require.ErrorAs(t, err, &credentials)
		require.ErrorIs(t, err, provider.fail)
		require.False(t, errors.MayHaveExecuted(err))

		provider.fail = nil
		require.NoError(t, c.call(t.Context()), "the next call asks again")
		require.NotEqual(t, "KEY1", c.last())
	})
}

func TestACallThatIsCancelledDoesNotCancelTheRetrievalOfOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		provider := &rotatingProvider{hold: make(chan struct{})}
		c := newCaller(t, provider)
		impatient, leave := context.WithCancel(t.Context())
		first, second := make(chan error, 1), make(chan error, 1)
		go func() { first <- c.call(impatient) }() // it is the one that starts the retrieval
		synctest.Wait()
		go func() { second <- c.call(t.Context()) }()
		synctest.Wait()

		leave()
		err := <-first
		require.ErrorIs(t, err, context.Canceled)
		require.False(t, errors.MayHaveExecuted(err))
		close(provider.hold)
		require.NoError(t, <-second)
		require.Len(t, provider.asked, 1)
	})
}

func TestAProviderThatHangsFailsTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		provider := &rotatingProvider{hold: make(chan struct{})}
		c := newCaller(t, provider)
		start := time.Now()
		err := c.call(t.Context())
		var credentials *errors.CredentialsError
		require.ErrorAs(t, err, &credentials)
		require.ErrorContains(t, err, "the credentials provider did not answer within a minute")
		require.NotErrorIs(t, err, context.DeadlineExceeded, "the caller's context did not end")
		require.Equal(t, time.Minute, time.Since(start))
		require.Empty(t, c.keys)
		close(provider.hold)
	})
}

func TestIncompleteCredentialsSignNothing(t *testing.T) {
	for want, creds := range map[string]invoke.Credentials{
		"the credentials have no access key ID":     {SecretAccessKey: "the-secret-key"},
		"the credentials have no secret access key": {AccessKeyID: "AKID"},
	} {
		t.Run(want, func(t *testing.T) {
			c := newCaller(t, invoke.CredentialsProviderFunc(func(context.Context) (invoke.Credentials, error) { return creds, nil }))
			err := c.call(t.Context())
			var credentials *errors.CredentialsError
			require.ErrorAs(t, err, &credentials)
			require.ErrorContains(t, err, want)
			require.NotContains(t, err.Error(), "the-secret-key")
			require.Empty(t, c.keys)

			_, err = invoke.New(invoke.Options{Region: "us-east-1", Credentials: invoke.StaticCredentials(creds.AccessKeyID, creds.SecretAccessKey, "")})
			require.ErrorContains(t, err, want, "fixed ones are refused before the first call")
		})
	}
}

func TestCredentialsThatTheServiceCallsExpiredAreReplacedOnce(t *testing.T) {
	provider := &rotatingProvider{lifetime: time.Hour}
	var keys keyWatcher
	client, err := invoke.New(invoke.Options{
		Region:      "us-east-1",
		Credentials: provider,
		HTTPClient: doFunc(func(r *http.Request) (*http.Response, error) {
			response, err := keys.Do(r)
			if keys.last() == "KEY1" {
				response.StatusCode = http.StatusForbidden
				response.Header.Set("X-Amzn-Errortype", "ExpiredTokenException")
			}
			return response, err
		}),
	})
	require.NoError(t, err)
	out, err := client.Invoke(t.Context(), &invoke.InvokeInput{FunctionName: "f"})
	require.NoError(t, err)
	require.Equal(t, 2, out.Attempts)
	require.Equal(t, []string{"KEY1", "KEY2"}, keys.keys)
}

// doFunc makes a function an HTTP client.
type doFunc func(*http.Request) (*http.Response, error)

func (f doFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

func TestAProviderThatPanicsDoesSoForItsCaller(t *testing.T) {
	asked := 0
	c := newCaller(t, invoke.CredentialsProviderFunc(func(context.Context) (invoke.Credentials, error) {
		if asked++; asked == 1 {
			panic(errProvider)
		}
		return invoke.Credentials{AccessKeyID: "KEY", SecretAccessKey: "secret"}, nil
	}))
	defer func() {
		err, ok := recover().(error)
		require.True(t, ok)
		require.ErrorIs(t, err, errProvider)
		require.ErrorContains(t, err, "the credentials provider panicked: ")
		require.NoError(t, c.call(t.Context()), "it is asked again")
	}()
	_ = c.call(t.Context())
}

func TestAProviderThatEndsItsGoroutineIsAskedAgain(t *testing.T) {
	asked := 0
	c := newCaller(t, invoke.CredentialsProviderFunc(func(context.Context) (invoke.Credentials, error) {
		if asked++; asked == 1 {
			runtime.Goexit()
		}
		return invoke.Credentials{AccessKeyID: "KEY", SecretAccessKey: "secret"}, nil
	}))
	require.ErrorContains(t, c.call(t.Context()), "the credentials provider ended its goroutine")
	require.NoError(t, c.call(t.Context()))
}

func TestAProviderIsToldWhatIsStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stale []string
		c := newCaller(t, invoke.CredentialsProviderFunc(func(ctx context.Context) (invoke.Credentials, error) {
			creds, ok := invoke.StaleCredentials(ctx)
			require.Equal(t, len(stale) > 0, ok)
			stale = append(stale, creds.AccessKeyID)
			return invoke.Credentials{AccessKeyID: fmt.Sprint("KEY", len(stale)), SecretAccessKey: "secret", Expires: time.Now().Add(time.Hour)}, nil
		}))
		for range 3 {
			require.NoError(t, c.call(t.Context()))
			synctest.Wait()
			time.Sleep(58 * time.Minute)
		}
		require.Equal(t, []string{"", "KEY1", "KEY2"}, stale)
	})
	_, ok := invoke.StaleCredentials(background())
	require.False(t, ok)
}

var errProvider = stderrors.New("out of order")

// A refresh in the background may bring the keys that the service refuses meanwhile.
func TestARefusedCallTakesNoRefusedKeysFromARetrievalThatBeganBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		revoked, asked := false, 0
		opts := optionsFor("http://localhost:1")
		opts.Credentials = invoke.CredentialsProviderFunc(func(context.Context) (invoke.Credentials, error) {
			asked++
			creds := invoke.Credentials{AccessKeyID: "KEY1", SecretAccessKey: "secret", Expires: time.Now().Add(time.Hour)}
			if revoked {
				creds.AccessKeyID = "KEY2"
			}
			if asked == 2 {
				time.Sleep(time.Second)
			}
			return creds, nil
		})
		opts.HTTPClient = doer(func(r *http.Request) (*http.Response, error) {
			if revoked && strings.Contains(r.Header.Get("Authorization"), "KEY1") {
				return throws(403, "ExpiredTokenException")(r)
			}
			return says(200, "{}")(r)
		})
		c := caller{client: newClient(t, opts)}
		require.NoError(t, c.call(t.Context()))
		time.Sleep(58 * time.Minute)
		require.NoError(t, c.call(t.Context())) // begins the second retrieval
		synctest.Wait()
		revoked = true
		require.NoError(t, c.call(t.Context()))
		require.Equal(t, 3, asked)
	})
}
