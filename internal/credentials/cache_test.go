package credentials_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/lambda-invoke/lambda-invoke-go/internal/credentials"
)

var errProvider = errors.New("out of order")

// providerFunc makes a function a provider.
type providerFunc func(context.Context) (credentials.Credentials, error)

func (f providerFunc) Retrieve(ctx context.Context) (credentials.Credentials, error) { return f(ctx) }

// rotating hands out KEY1, KEY2 and so on, each for lifetime, and notes when it was
// asked.
type rotating struct {
	lifetime time.Duration // 0: for ever
	asked    []time.Time
	fail     error         // what to return instead
	hold     chan struct{} // what to wait for first, if not nil
	deaf     bool          // wait for it even after the context has ended
	active   atomic.Int32
	crowded  bool // asked a second time before it had answered the first
}

func (p *rotating) Retrieve(ctx context.Context) (credentials.Credentials, error) {
	if p.active.Add(1) > 1 {
		p.crowded = true
	}
	defer p.active.Add(-1)
	p.asked = append(p.asked, time.Now())
	if p.hold != nil {
		ended := ctx.Done()
		if p.deaf {
			ended = nil
		}
		select {
		case <-p.hold:
		case <-ended:
			return credentials.Credentials{}, ctx.Err()
		}
	}
	if p.fail != nil {
		return credentials.Credentials{}, p.fail
	}
	creds := credentials.Credentials{AccessKeyID: fmt.Sprint("KEY", len(p.asked)), SecretAccessKey: "secret"}
	if p.lifetime != 0 {
		creds.Expires = time.Now().Add(p.lifetime)
	}
	return creds, nil
}

// key returns the access key ID that the next request is signed with.
func key(t *testing.T, cache *credentials.Cache) string {
	t.Helper()
	id, err := cache.Identity(t.Context())
	require.NoError(t, err)
	return id.Signing.AccessKeyID
}

func TestConcurrentCallersShareOneRetrieval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		provider := &rotating{hold: make(chan struct{})}
		cache := credentials.NewCache(provider)
		var callers sync.WaitGroup
		for range 100 {
			callers.Go(func() { require.Equal(t, "KEY1", key(t, cache)) })
		}
		synctest.Wait() // all of them are waiting
		close(provider.hold)
		callers.Wait()
		require.Len(t, provider.asked, 1)

		time.Sleep(1000 * time.Hour)
		require.Equal(t, "KEY1", key(t, cache), "credentials without an expiry stay valid")
		require.Len(t, provider.asked, 1)
	})
}

func TestCredentialsAreRefreshedBeforeTheyExpireAndNotInAllCachesAtOnce(t *testing.T) {
	const lifetime = time.Hour
	refreshes := map[time.Duration]bool{}
	for range 10 {
		synctest.Test(t, func(t *testing.T) {
			provider := &rotating{lifetime: lifetime}
			cache := credentials.NewCache(provider)
			start := time.Now()
			last := key(t, cache)
			time.Sleep(lifetime - 6*time.Minute)
			for len(provider.asked) < 2 {
				last = key(t, cache)
				synctest.Wait() // for the refresh, if there is one
				time.Sleep(time.Second)
			}
			refreshed := provider.asked[1].Sub(start)
			require.GreaterOrEqual(t, refreshed, lifetime-5*time.Minute)
			require.LessOrEqual(t, refreshed, lifetime-150*time.Second)
			refreshes[refreshed] = true

			require.Equal(t, "KEY1", last, "the caller that started the refresh went on with the old ones")
			require.Equal(t, "KEY2", key(t, cache))
			require.Len(t, provider.asked, 2)
		})
	}
	require.Greater(t, len(refreshes), 1, "every cache refreshes at the same moment")
}

func TestShortLivedCredentialsAreUsedForMostOfTheirLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		provider := &rotating{lifetime: time.Minute}
		cache := credentials.NewCache(provider)
		start := time.Now()
		for len(provider.asked) < 2 {
			key(t, cache)
			synctest.Wait()
			time.Sleep(time.Second / 10)
		}
		require.GreaterOrEqual(t, provider.asked[1].Sub(start), 45*time.Second)
		require.Less(t, provider.asked[1].Sub(start), time.Minute)
	})
}

func TestARefreshThatFailsLeavesValidCredentialsInUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		provider := &rotating{lifetime: time.Hour}
		cache := credentials.NewCache(provider)
		key(t, cache)
		provider.fail = errProvider
		end := time.Now().Add(time.Hour)
		for time.Now().Before(end) {
			require.Equal(t, "KEY1", key(t, cache))
			synctest.Wait()
			time.Sleep(time.Second)
		}
		require.Greater(t, len(provider.asked), 2, "it was tried again")
		require.Less(t, len(provider.asked), 15, "and not by every caller")

		_, err := cache.Identity(t.Context())
		require.ErrorIs(t, err, errProvider)
		provider.fail = nil
		require.NotEqual(t, "KEY1", key(t, cache), "the next caller asks again")
	})
}

func TestARetrievalOutlivesTheCallerThatStartedIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		provider := &rotating{hold: make(chan struct{})}
		cache := credentials.NewCache(provider)
		ctx, cancel := context.WithCancel(t.Context())
		first := make(chan error, 1)
		go func() {
			_, err := cache.Identity(ctx)
			first <- err
		}()
		synctest.Wait()
		second := make(chan string, 1)
		go func() { second <- key(t, cache) }()
		synctest.Wait()

		cancel()
		require.Equal(t, context.Canceled, <-first)
		close(provider.hold)
		require.Equal(t, "KEY1", <-second)
		require.Len(t, provider.asked, 1)
	})
}

func TestAProviderHasAMinute(t *testing.T) {
	for name, deaf := range map[string]bool{"and its context ends": false, "also one that ignores its context": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				provider := &rotating{hold: make(chan struct{}), deaf: deaf}
				cache := credentials.NewCache(provider)
				start := time.Now()
				_, err := cache.Identity(t.Context())
				require.ErrorContains(t, err, "the credentials provider did not answer within a minute")
				require.NotErrorIs(t, err, context.DeadlineExceeded, "the caller's context did not end")
				require.Equal(t, time.Minute, time.Since(start))

				if deaf {
					_, err = cache.Identity(t.Context())
					require.Error(t, err)
					require.Equal(t, time.Minute, time.Since(start), "nobody waits for it a second time")
				}
				close(provider.hold)
				synctest.Wait()
				key(t, cache)
				require.False(t, provider.crowded, "it was asked twice at a time")
			})
		})
	}
}

func TestNoCallerWaitsForARefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		provider := &rotating{lifetime: time.Hour}
		cache := credentials.NewCache(provider)
		key(t, cache)
		provider.hold, provider.deaf = make(chan struct{}), true
		time.Sleep(time.Hour - time.Minute)
		start := time.Now()
		for range 10 {
			require.Equal(t, "KEY1", key(t, cache))
		}
		require.Zero(t, time.Since(start))
		close(provider.hold)
	})
}

func TestCredentialsThatCannotSignAreAnError(t *testing.T) {
	cache := credentials.NewCache(providerFunc(func(context.Context) (credentials.Credentials, error) {
		return credentials.Credentials{SecretAccessKey: "the-secret-key"}, nil
	}))
	_, err := cache.Identity(t.Context())
	require.EqualError(t, err, "the credentials have no access key ID")
}

func TestCredentialsThatExpireFarAheadAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		cache := credentials.NewCache(providerFunc(func(context.Context) (credentials.Credentials, error) {
			asked++
			return credentials.Credentials{AccessKeyID: "KEY", SecretAccessKey: "secret", Expires: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)}, nil
		}))
		for range 3 {
			key(t, cache)
			synctest.Wait()
		}
		require.Equal(t, 1, asked)
	})
}

func TestExpiredCredentialsDoNotReplaceValidOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		cache := credentials.NewCache(providerFunc(func(context.Context) (credentials.Credentials, error) {
			if asked++; asked > 1 {
				return credentials.Credentials{AccessKeyID: "OLD", SecretAccessKey: "secret", Expires: time.Now().Add(-time.Hour)}, nil
			}
			return credentials.Credentials{AccessKeyID: "GOOD", SecretAccessKey: "secret", Expires: time.Now().Add(time.Hour)}, nil
		}))
		key(t, cache)
		time.Sleep(58 * time.Minute)
		for range 3 {
			require.Equal(t, "GOOD", key(t, cache))
			synctest.Wait()
		}
		require.Equal(t, 2, asked, "it is not asked again at once")
	})
}

func TestInvalidCredentialsAreReplaced(t *testing.T) {
	provider := &rotating{lifetime: time.Hour}
	cache := credentials.NewCache(provider)
	id, err := cache.Identity(t.Context())
	require.NoError(t, err)
	require.True(t, cache.Invalidate(id))
	require.True(t, cache.Invalidate(id), "by as many callers as signed with it")
	require.Equal(t, "KEY2", key(t, cache))
	require.Len(t, provider.asked, 2)
	require.True(t, cache.Invalidate(id), "late")
	require.Equal(t, "KEY2", key(t, cache))

	require.False(t, cache.Invalidate(nil))
	static := credentials.NewCache(credentials.NewStatic(credentials.Credentials{AccessKeyID: "KEY", SecretAccessKey: "secret"}))
	id, err = static.Identity(t.Context())
	require.NoError(t, err)
	require.False(t, static.Invalidate(id), "there are no others")
	require.Equal(t, "KEY", key(t, static))
}

func TestAPanicOfTheProviderIsOneOfItsCaller(t *testing.T) {
	asked := 0
	cache := credentials.NewCache(providerFunc(func(context.Context) (credentials.Credentials, error) {
		if asked++; asked == 1 {
			panic(errProvider)
		}
		return credentials.Credentials{AccessKeyID: "KEY", SecretAccessKey: "secret"}, nil
	}))
	func() {
		defer func() {
			err, ok := recover().(error)
			require.True(t, ok)
			require.ErrorIs(t, err, errProvider)
			require.ErrorContains(t, err, "the credentials provider panicked: ")
		}()
		_, _ = cache.Identity(t.Context())
	}()
	require.Equal(t, "KEY", key(t, cache), "it is asked again")
}

func TestAProviderThatEndsItsGoroutineIsAskedAgain(t *testing.T) {
	asked := 0
	cache := credentials.NewCache(providerFunc(func(context.Context) (credentials.Credentials, error) {
		if asked++; asked == 1 {
			runtime.Goexit()
		}
		return credentials.Credentials{AccessKeyID: "KEY", SecretAccessKey: "secret"}, nil
	}))
	_, err := cache.Identity(t.Context())
	require.EqualError(t, err, "the credentials provider ended its goroutine")
	require.Equal(t, "KEY", key(t, cache))
}

func TestAProviderIsToldWhatIsStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stale []string
		cache := credentials.NewCache(providerFunc(func(ctx context.Context) (credentials.Credentials, error) {
			creds, ok := credentials.Stale(ctx)
			require.Equal(t, len(stale) > 0, ok)
			stale = append(stale, creds.AccessKeyID)
			return credentials.Credentials{AccessKeyID: fmt.Sprint("KEY", len(stale)), SecretAccessKey: "secret", Expires: time.Now().Add(time.Hour)}, nil
		}))
		for range 3 {
			key(t, cache)
			synctest.Wait()
			time.Sleep(58 * time.Minute)
		}
		require.Equal(t, []string{"", "KEY1", "KEY2"}, stale)
	})
	_, ok := credentials.Stale(t.Context())
	require.False(t, ok)
}

func TestValidCredentialsCostNoAllocation(t *testing.T) {
	for name, lifetime := range map[string]time.Duration{"for ever": 0, "for an hour": time.Hour} {
		t.Run(name, func(t *testing.T) {
			cache := credentials.NewCache(&rotating{lifetime: lifetime})
			key(t, cache)
			ctx := t.Context()
			require.Zero(t, testing.AllocsPerRun(100, func() {
				if _, err := cache.Identity(ctx); err != nil {
					panic(err)
				}
			}))
		})
	}
}

// A refresh in the background may bring the keys that the service refuses meanwhile.
func TestRefusedKeysAreNotTakenFromARetrievalThatBeganBefore(t *testing.T) {
	for name, refuse := range map[string]struct{ afterRefresh, late bool }{
		"refused during the refresh":                  {},
		"refused after it":                            {afterRefresh: true},
		"refused after it, signed with the older set": {afterRefresh: true, late: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				revoked, asked := false, 0
				cache := credentials.NewCache(providerFunc(func(context.Context) (credentials.Credentials, error) {
					asked++
					creds := credentials.Credentials{AccessKeyID: "KEY1", SecretAccessKey: "secret", Expires: time.Now().Add(time.Hour)}
					if revoked {
						creds.AccessKeyID = "KEY2"
					}
					if asked == 2 {
						time.Sleep(time.Second)
					}
					return creds, nil
				}))
				old, err := cache.Identity(t.Context())
				require.NoError(t, err)
				time.Sleep(58 * time.Minute)
				require.Equal(t, "KEY1", key(t, cache)) // begins the refresh
				synctest.Wait()
				revoked = true
				if refuse.afterRefresh {
					time.Sleep(time.Second)
					synctest.Wait()
				}
				refused := old
				if refuse.afterRefresh && !refuse.late {
					refused, err = cache.Identity(t.Context())
					require.NoError(t, err)
				}
				require.True(t, cache.Invalidate(refused))
				require.Equal(t, "KEY2", key(t, cache))
				require.Equal(t, 3, asked)
			})
		})
	}
}

// What a refresh in the background brings in place of refused keys is taken.
func TestOtherKeysAreTakenFromARetrievalThatBeganBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		provider := &rotating{lifetime: time.Hour}
		cache := credentials.NewCache(provider)
		id, err := cache.Identity(t.Context())
		require.NoError(t, err)
		provider.hold = make(chan struct{})
		time.Sleep(58 * time.Minute)
		require.Equal(t, "KEY1", key(t, cache)) // begins the refresh
		synctest.Wait()
		require.True(t, cache.Invalidate(id))
		close(provider.hold)
		require.Equal(t, "KEY2", key(t, cache))
		require.Len(t, provider.asked, 2)
	})
}

func TestAProviderThatHasOnlyRefusedKeysIsNotAskedForEver(t *testing.T) {
	asked := 0
	cache := credentials.NewCache(providerFunc(func(context.Context) (credentials.Credentials, error) {
		asked++
		return credentials.Credentials{AccessKeyID: "KEY", SecretAccessKey: "secret"}, nil
	}))
	for want := 1; want < 4; want++ {
		id, err := cache.Identity(t.Context())
		require.NoError(t, err)
		require.Equal(t, "KEY", key(t, cache))
		require.Equal(t, want, asked)
		require.True(t, cache.Invalidate(id))
	}
}
