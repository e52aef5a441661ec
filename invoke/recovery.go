package invoke

import (
	"net/http"
	"time"

	"github.com/lambda-invoke/lambda-invoke-go/errors"
	"github.com/lambda-invoke/lambda-invoke-go/internal/errtree"
	"github.com/lambda-invoke/lambda-invoke-go/internal/wire"
)

// recovery removes what made the service refuse a request where the client can: it
// has expired credentials replaced, and corrects the clock that it signs with. It
// does each once a call: trying a second time would fail the same way.
type recovery struct {
	credentials, clock bool
}

// attempt reports whether the client knows how to recover from err, and whether it
// has: then the call deserves another attempt at once. An error that is known and
// was not recovered from would come again.
func (r *recovery) attempt(c *call, err error) (known, recovered bool) {
	// Middleware may return the error of another request, one that this call
	// neither signed nor sent: its cause is not the call's.
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
// from a response that arrived at now. A cached response tells an old time,
// and one that took too long may.
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
