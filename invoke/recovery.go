package invoke

import (
	"net/http"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// recovery makes a refused request acceptable where the client can: it refreshes
// expired credentials and corrects clock skew. It does each once in a call, because
// a second time would fail in the same way.
type recovery struct {
	credentials, clock bool
}

// attempt tries to recover from err. known reports whether err is of a kind that it
// recovers from. recovered reports that it has, so that another attempt is due at
// once. A known error without recovery is not retried: it would come again.
func (r *recovery) attempt(c *call, err error) (known, recovered bool) {
	// Middleware may return the error of a request that this call neither signed
	// nor sent. It says nothing about the call's credentials and clock.
	own := c.requests.IsOwn(err)
	if own {
		err = c.requests.Own()
	}
	var service *errors.LambdaServiceException
	if !errtree.As(err, &service) {
		return false, false
	}
	switch service.Code {
	case "ExpiredTokenException":
		if own && !r.credentials {
			r.credentials = c.config.credentials.Invalidate(c.identity)
			return true, r.credentials
		}
		return true, false
	case "RequestTimeTooSkewed", "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure", "AccessDeniedException":
		if own && c.skewKnown && !r.clock {
			r.clock = (c.skew - c.signedSkew).Abs() > skewThreshold
			return true, r.clock
		}
		return true, false
	}
	return false, false
}

// skewThreshold is the difference between two clocks above which it explains a
// refused signature.
const skewThreshold = 4 * time.Minute

// maxSkewAge is how old a request may be for its response to tell the time.
const maxSkewAge = 15 * time.Minute

// learnSkew takes the difference between the service's clock and the local one
// from a response that arrived at now. It ignores a response from a cache, and one
// that took longer than maxSkewAge, because their Date may be old.
func (c *call) learnSkew(h http.Header, now time.Time) {
	if _, cached := h[wire.HeaderAge]; cached || now.Sub(c.sentAt) > maxSkewAge {
		return
	}
	date, ok := wire.Date(h)
	if !ok {
		return
	}
	c.skew, c.skewKnown = date.Sub(now), true
	c.destination.skew.Store(int64(c.skew))
}
