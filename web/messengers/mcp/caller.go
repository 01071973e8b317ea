package mcp

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/netip"
	"slices"
	"strings"
	"time"

	"keypull/web/messengers"
)

// key is a token as it is compared.
type key struct {
	name string
	sum  [sha256.Size]byte
	rate int
}

func keysOf(tokens []Token) []key {
	all := make([]key, 0, len(tokens))
	for _, t := range tokens {
		all = append(all, key{t.Name, sha256.Sum256([]byte(t.Token.Reveal())), t.Rate})
	}
	return all
}

// caller is who asks: the holder of a token, or somebody of an address.
type caller struct {
	// token is the name of the one that was shown, "" where none was.
	token string
	rate  int
	// address is whose budget counts, "" where many ask from there.
	address string
}

// caller tells who asks; false where it is nobody who may. A token that is shown
// must be right even where none is needed.
func (m *Server) caller(d messengers.Delivery) (caller, bool) {
	shown := d.Header["Authorization"]
	if len(shown) == 0 {
		return caller{address: m.network(d.Address)}, m.settings.Anonymous
	}
	scheme, token, _ := strings.Cut(shown[0], " ")
	if len(shown) > 1 || !strings.EqualFold(scheme, "Bearer") {
		return caller{}, false
	}
	sum := sha256.Sum256([]byte(strings.TrimSpace(token)))
	var found *key
	for i := range m.keys {
		if subtle.ConstantTimeCompare(sum[:], m.keys[i].sum[:]) == 1 {
			found = &m.keys[i]
		}
	}
	if found == nil {
		return caller{}, false
	}
	return caller{token: found.name, rate: found.rate}, true
}

// network is who counts as one address: of IPv6 the network of 64 bits that
// belongs to one subscriber; "" where a maker's assistant asks for many readers.
func (m *Server) network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	a = a.Unmap().WithZone("")
	if slices.ContainsFunc(m.shared, func(p netip.Prefix) bool { return p.Contains(a) }) {
		return ""
	}
	if a.Is6() {
		a = netip.PrefixFrom(a, 64).Masked().Addr() //nolint:mnd // bits of a network
	}
	return a.String()
}

// spend takes one ask from the budget of who asks; else it tells how long to wait.
// Who has none left of their own takes nothing from all others.
func (m *Server) spend(who caller, at time.Time) time.Duration {
	if who.token != "" {
		return m.budgets.take("token "+who.token, who.rate, at)
	}
	if who.address != "" {
		if wait := m.budgets.take("address "+who.address, m.settings.Budget.Address, at); wait > 0 {
			return wait
		}
	}
	return m.budgets.take("channel", m.settings.Budget.Channel, at)
}

// reader is what a session is known by that the server did not begin, or does not
// remember: with another token it is another's.
func (who caller) reader(session string) string {
	if who.token == "" {
		return "anybody/" + session
	}
	return "token " + who.token + "/" + session
}

// payer is by whom new arguments are counted.
func (who caller) payer() string {
	if who.token == "" {
		return who.address
	}
	return "token " + who.token
}
