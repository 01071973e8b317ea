package people

import (
	"container/list"
	"net/netip"
	"sync"
	"time"
)

// Limits of a Throttle.
const (
	// FreePerAccount and FreePerAddress are how many tries may fail before the
	// next has to wait. Many people share an address; nobody shares an account.
	FreePerAccount = 5
	FreePerAddress = 20
	// MinWait is the first wait; each failure doubles it up to MaxWait.
	MinWait = time.Second
	MaxWait = 15 * time.Minute
	// ForgetAfter is how long after the last try a key's failures count.
	ForgetAfter = 24 * time.Hour
	// MaxThrottled is how many keys are remembered.
	MaxThrottled = 10000
)

// Key is whose tries are counted, with how many failures are free.
type Key struct {
	name   string
	free   int
	shared bool
}

// AccountKey counts the tries on one account, whether there is one or not.
func AccountKey(email string) Key {
	return Key{name: "account " + HashSecret(NormalEmail(email)), free: FreePerAccount}
}

// DeviceKey counts the tries from one browser that is known.
func DeviceKey(device string) Key {
	return Key{name: "device " + HashSecret(device), free: FreePerAccount}
}

// AddressKey counts the tries from one address; those of IPv6 count by their
// network of 64 bits, which belongs to one subscriber.
func AddressKey(address string) Key {
	if a, err := netip.ParseAddr(address); err == nil {
		a = a.Unmap().WithZone("")
		if a.Is6() {
			a = netip.PrefixFrom(a, 64).Masked().Addr()
		}
		address = a.String()
	}
	return Key{name: "address " + cutRunes(address, 64), free: FreePerAddress, shared: true}
}

// Throttle slows guessing down. A try is allowed by Allow, which counts it as
// failed at once, so that of many tries at the same time no more pass than one
// after the other; Succeed takes that back. It is safe for use by many
// goroutines, and forgets everything with the process.
type Throttle struct {
	clock func() time.Time

	mu   sync.Mutex
	keys map[string]*list.Element
	used list.List // of *tries, the latest first
}

// tries is what is remembered of one key.
type tries struct {
	name   string
	failed int
	until  time.Time
	last   time.Time
}

// NewThrottle returns a throttle that remembers nobody.
func NewThrottle(clock func() time.Time) *Throttle {
	return &Throttle{clock: clock, keys: map[string]*list.Element{}}
}

// Allow returns 0 where a try may be made now: it must be followed by Fail or
// Succeed of the same keys. Else it returns how long to wait, and counts
// nothing.
func (t *Throttle) Allow(keys ...Key) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock()
	for _, k := range keys {
		if known := t.known(k, now); known != nil {
			// Nobody waits for a clock that was set back to come round again.
			wait = max(wait, min(known.until.Sub(now), MaxWait))
		}
	}
	if wait > 0 {
		return wait
	}
	for _, k := range keys {
		known := t.known(k, now)
		if known == nil {
			known = t.add(k, now)
		}
		known.failed++
		known.wait(k, now)
	}
	return 0
}

// Fail says that a try that was allowed has failed: what is to be waited for
// begins now. A try that ended in neither way is to be given up with Fail too.
func (t *Throttle) Fail(keys ...Key) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock()
	for _, k := range keys {
		if known := t.known(k, now); known != nil {
			known.wait(k, now)
		}
	}
}

// Succeed says that a try that was allowed has succeeded. It clears an account;
// of an address it takes back that one try, lest whoever has one account there
// guess others for ever.
func (t *Throttle) Succeed(keys ...Key) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock()
	for _, k := range keys {
		known := t.known(k, now)
		if known == nil {
			continue
		}
		known.failed--
		if !k.shared || known.failed <= 0 {
			t.forget(t.keys[k.name])
		} else if known.failed < k.free {
			known.until = time.Time{}
		}
	}
}

// wait sets from when on the next try may be made.
func (a *tries) wait(k Key, now time.Time) {
	a.last = now
	if over := a.failed - k.free; over >= 0 {
		a.until = now.Add(min(MaxWait, MinWait<<min(over, 16)))
	}
}

// known returns what is remembered of a key, or nil.
func (t *Throttle) known(k Key, now time.Time) *tries {
	e := t.keys[k.name]
	if e == nil {
		return nil
	}
	a, ok := e.Value.(*tries)
	if !ok || now.Sub(a.last) >= ForgetAfter {
		t.forget(e)
		return nil
	}
	t.used.MoveToFront(e)
	return a
}

func (t *Throttle) add(k Key, now time.Time) *tries {
	if t.used.Len() >= MaxThrottled {
		t.forget(t.idle(now))
	}
	a := &tries{name: k.name, last: now}
	t.keys[k.name] = t.used.PushFront(a)
	return a
}

// idle returns the key that was not used for the longest time and has not to
// wait; where all have, the one that was not used for the longest time.
func (t *Throttle) idle(now time.Time) *list.Element {
	for e := t.used.Back(); e != nil; e = e.Prev() {
		if a, ok := e.Value.(*tries); ok && !a.until.After(now) {
			return e
		}
	}
	return t.used.Back()
}

func (t *Throttle) forget(e *list.Element) {
	if a, ok := t.used.Remove(e).(*tries); ok {
		delete(t.keys, a.name)
	}
}
