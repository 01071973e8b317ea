package teams

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// escaped and unescaped write a conversation's id so that no slash stands in it.
var (
	escaped   = strings.NewReplacer("%", "%25", "/", "%2F")
	unescaped = strings.NewReplacer("%2F", "/", "%25", "%")
)

// addressOf returns where a conversation is answered: its id, and behind a slash the
// service that it was told of by. It is regional and may change: each activity
// brings the newest.
func addressOf(conversation, service string) string {
	return escaped.Replace(conversation) + "/" + strings.TrimSuffix(service, "/")
}

// target is a conversation, with its thread, and the service to reach it by.
type target struct{ conversation, service string }

// where reads an address as Receive made it, or a conversation's id alone.
func (b *Bot) where(address, thread string) (target, bool) {
	id, service, _ := strings.Cut(address, "/")
	t := target{unescaped.Replace(id), service}
	if t.service == "" {
		t.service = strings.TrimSuffix(b.service, "/")
	}
	if thread != "" {
		t.conversation += threadMark + thread
	}
	return t, id != "" && !strings.ContainsAny(id, " \n")
}

// hosts are those that our token may go to beside Microsoft's.
type hosts []string

// serviceHosts are Microsoft's: the names, and all below them.
var serviceHosts = []string{"botframework.com", "smba.trafficmanager.net", "teams.microsoft.com", "teams.microsoft.us", "botframework.us", "botframework.azure.cn"}

// hostsOf reads hosts as people write them down, as addresses too.
func hostsOf(written []string) hosts {
	var all hosts
	for _, w := range written {
		if _, rest, ok := strings.Cut(w, "://"); ok {
			w = rest
		}
		w, _, _ = strings.Cut(w, "/")
		if w = strings.ToLower(strings.TrimSpace(w)); w != "" {
			all = append(all, w)
		}
	}
	return all
}

// allow returns the address of a service that our token may go to, without the
// slash at its end. It is https, but on networks of the operator's own.
func (h hosts) allow(service string) (string, bool) {
	u, err := url.Parse(service)
	if err != nil || u.User != nil || u.Opaque != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", false
	}
	name := strings.ToLower(u.Hostname())
	own := slices.Contains(h, name) || slices.Contains(h, strings.ToLower(strings.TrimSuffix(u.Host, ".")))
	if u.Scheme != "https" && (u.Scheme != "http" || !own || !near(name)) {
		return "", false
	}
	return strings.TrimSuffix(service, "/"), own || u.Port() == "" && microsofts(name)
}

func microsofts(name string) bool {
	return slices.ContainsFunc(serviceHosts, func(host string) bool { return name == host || strings.HasSuffix(name, "."+host) })
}

// near reports whether a host is of this machine, or of a network of one's own.
func near(name string) bool {
	if ip, err := netip.ParseAddr(name); err == nil {
		return ip.IsLoopback() || ip.IsPrivate()
	}
	return !strings.Contains(name, ".") || strings.HasSuffix(name, ".localhost") || strings.HasSuffix(name, ".internal")
}
