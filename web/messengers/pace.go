package messengers

import (
	linked "container/list"
	"net"
	"net/netip"
	"sync"
	"time"
)

// maxPaced bounds whose pace is remembered: a flood must not use up memory.
const maxPaced = 20_000

// Paces keep whoever asks to so much in a while. It is safe for concurrent use.
type Paces struct {
	// Per is the while, after which all of an allowance is there again.
	Per time.Duration

	mu sync.Mutex
	of map[string]*linked.Element
	// recent holds *pace, the one that asked last first.
	recent linked.List
}

// pace is how much somebody has left, kept as the moment at which it would have been
// used up, and when they asked last.
type pace struct {
	who         string
	empty, seen time.Time
}

// Take takes one from somebody's allowance of so many, 0 being as many as come; else
// it tells how long to wait.
func (p *Paces) Take(who string, most int, now time.Time) time.Duration {
	if most <= 0 {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.one(who, now)
	next := one.empty
	// A clock that was set back leaves nobody waiting for it to come round again.
	if full := now.Add(-p.Per); next.Before(full) || next.After(now.Add(p.Per)) {
		next = full
	}
	if next = next.Add(p.Per / time.Duration(most)); next.After(now) {
		return next.Sub(now)
	}
	one.empty = next
	return 0
}

// one returns somebody's pace as the most recent. For each new one two are forgotten
// whose allowance is whole again, and who was quiet for longest where there are too
// many.
func (p *Paces) one(who string, now time.Time) *pace {
	e := p.of[who]
	if e == nil {
		for range 2 {
			if oldest := p.recent.Back(); oldest != nil && (len(p.of) >= maxPaced || now.Sub(oldest.Value.(*pace).seen).Abs() >= p.Per) {
				p.forget(oldest)
			}
		}
		if p.of == nil {
			p.of = map[string]*linked.Element{}
		}
		e = p.recent.PushFront(&pace{who: who})
		p.of[who] = e
	}
	p.recent.MoveToFront(e)
	one := e.Value.(*pace)
	one.seen = now
	return one
}

func (p *Paces) forget(e *linked.Element) {
	delete(p.of, p.recent.Remove(e).(*pace).who)
}

// Forget drops what is kept of somebody.
func (p *Paces) Forget(who string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e := p.of[who]; e != nil {
		p.forget(e)
	}
}

// Known returns how many are remembered.
func (p *Paces) Known() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.of)
}

// Network returns who counts as one: an address or, of IPv6, the network of 64 bits
// that belongs to one subscriber. A port behind it is left out.
func Network(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if a = a.Unmap().WithZone(""); a.Is6() {
		a = netip.PrefixFrom(a, 64).Masked().Addr() //nolint:mnd // bits of a network
	}
	return a.String()
}
