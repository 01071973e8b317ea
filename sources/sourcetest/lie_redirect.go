package sourcetest

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// moved returns an answer that leads elsewhere.
func moved(code int, location string) string {
	return fmt.Sprintf("HTTP/1.1 %d %s\nConnection: close\nLocation: %s\nContent-Length: 0\n\n", code, http.StatusText(code), location)
}

// to leads elsewhere once: what asks at a path with /moved in it is there.
func to(code int, location string) func(*exchange) {
	return func(x *exchange) {
		if strings.Contains(x.request.URL.Path, "/moved") {
			x.honest()
			return
		}
		x.say(moved(code, location))
	}
}

// redirectLies lead to places on the same server, or to none.
func redirectLies() []lie {
	again := func(code int) func(*exchange) { return say(moved(code, "/again")) }
	lies := []lie{
		{name: "a redirect that never is the same", follows: fails, tell: func(x *exchange) { x.say(moved(302, fmt.Sprintf("/again-%d", x.turn))) }},
		{name: "a redirect to and fro", follows: fails, tell: func(x *exchange) {
			if strings.HasPrefix(x.request.URL.Path, "/fro") {
				x.say(moved(302, "/to"))
				return
			}
			x.say(moved(302, "/fro"))
		}},
		{name: "a redirect that grows", follows: fails, tell: func(x *exchange) {
			x.say(moved(302, x.request.URL.Path+strings.Repeat("/longer", 200)))
		}},
		{name: "two places in one redirect", tell: say("HTTP/1.1 302 Found\nConnection: close\nLocation: /moved\nLocation: http://127.0.0.3:INSIDE/inside\nContent-Length: 0\n\n")},
		{name: "a redirect with a body beyond measure", follows: fails, tell: endlessly("HTTP/1.1 302 Found\nLocation: /again\n\n", "x")},
		{name: "a redirect whose body stalls", stalls: true, follows: fails, tell: stall("HTTP/1.1 302 Found\nConnection: close\nLocation: ftp://x/\nContent-Length: 100\n\n")},
		{name: "a 200 with a place", follows: brings, tell: say(ok + "Location: http://127.0.0.3:INSIDE/inside\nContent-Length: LENGTH\n\nBODY")},
		{name: "a 200 that refreshes elsewhere", follows: brings, tell: say(ok + "Refresh: 0; url=http://127.0.0.3:INSIDE/inside\nContent-Location: http://127.0.0.3:INSIDE/inside\nLink: <http://127.0.0.3:INSIDE/inside>; rel=canonical\nContent-Length: LENGTH\n\nBODY")},
		{name: "a redirect that wants rest for a year", follows: fails, tell: say("HTTP/1.1 302 Found\nConnection: close\nLocation: /moved\nRetry-After: 31536000\nContent-Length: 0\n\n")},
		{name: "a redirect with a cookie that it wants back", tell: func(x *exchange) {
			if x.request.Header.Get("Cookie") != "" {
				x.honest()
				return
			}
			x.say("HTTP/1.1 302 Found\nConnection: close\nLocation: /again\nSet-Cookie: seen=1\nContent-Length: 0\n\n")
		}},
	}
	for _, code := range []int{301, 302, 303, 307, 308} {
		lies = append(lies,
			lie{name: fmt.Sprintf("a %d to nowhere", code), follows: fails, tell: say(fmt.Sprintf("HTTP/1.1 %d Moved\nConnection: close\nContent-Length: 0\n\n", code))},
			lie{name: fmt.Sprintf("a %d in a loop", code), follows: fails, tell: again(code)},
			lie{name: fmt.Sprintf("a %d to a path", code), follows: leads, tell: to(code, "/moved/here")},
		)
	}
	for name, location := range map[string]string{
		"a redirect to a path beside it": "moved?x=1", "a redirect to a path above it": "/../../moved", "a redirect to an address without a scheme": "//127.0.0.1:PORT/moved",
		"a redirect in capitals": "HTTP://127.0.0.1:PORT/moved", "a redirect with a fragment": "/moved#x", "a redirect with blanks around it": "   /moved   ",
	} {
		lies = append(lies, lie{name: name, follows: leads, tell: to(302, location)})
	}
	for name, location := range map[string]string{
		"a redirect to a script": "javascript:alert(1)", "a redirect to a file": "file:///etc/passwd", "a redirect to data": "data:text/xml,<rss/>",
		"a redirect to ftp": "ftp://127.0.0.1:PORT/x", "a redirect to gopher": "gopher://127.0.0.1:PORT/_x", "a redirect to a socket": "unix:///run/docker.sock",
		"a redirect without a host": "http:///moved", "a redirect to a host that is none": "http://[", "a redirect to a port that is none": "http://127.0.0.1:99999/", "a redirect to a port of words": "http://127.0.0.1:http/",
		"a redirect beyond measure": "/" + strings.Repeat("a", 20_000), "a redirect with a bad escape": "/%zz", "a redirect with controls": "/a\tb\x01",
	} {
		lies = append(lies, lie{name: name, follows: fails, tell: say(moved(302, location))})
	}
	return lies
}

// farRedirectLies lead to other hosts: those that anybody may see, who get no
// secret, and those inside, who are not asked.
func farRedirectLies() []lie {
	var lies []lie
	for _, code := range []int{301, 302, 303, 307, 308} {
		lies = append(lies, lie{name: fmt.Sprintf("a %d to a stranger", code), follows: leads, tell: say(moved(code, "STRANGER/moved"))})
	}
	for name, location := range map[string]string{
		"a redirect to a stranger by another name": "http://localhost:PORT/moved", "a redirect to a stranger as somebody": "http://admin:word@localhost:PORT/moved",
	} {
		lies = append(lies, lie{name: name, follows: leads, tell: to(302, location)})
	}
	lies = append(lies, lie{name: "a redirect from https to http", over: secured, follows: fails, tell: say(moved(302, "STRANGER/moved"))},
		lie{name: "a redirect from https to http of the same host", over: secured, follows: fails, tell: say(moved(301, "http://127.0.0.1:PORT/moved"))},
		lie{name: "a redirect inside behind one to a stranger", follows: fails, tell: say(moved(302, "http://localhost:PORT/again"))})
	for name, host := range map[string]string{
		"the own machine": "127.0.0.3", "the own machine in IPv6": "[::1]", "the own machine mapped": "[::ffff:127.0.0.3]", "the own machine mapped in hexadecimal": "[::ffff:7f00:3]",
		"nowhere": "0.0.0.0", "nowhere in IPv6": "[::]", "a number": "2130706435", "a number in octal": "0177.0.0.3", "a number in hexadecimal": "0x7f000003", "a number that is short": "127.3",
		"digits of another script": "１２７.０.０.３", "a host with a dot behind": "127.0.0.3.", "the own machine as compatible": "[::127.0.0.3]", "the own machine by NAT64": "[64:ff9b::7f00:3]",
		"the own machine by 6to4": "[2002:7f00:3::1]", "a zone": "[fe80::1%25lo]", "somebody at the own machine": "127.0.0.1:1@127.0.0.3",
	} {
		lies = append(lies, lie{name: "a redirect inside: " + name, follows: fails, tell: say(moved(302, "http://"+host+":INSIDE/inside"))})
	}
	for name, location := range map[string]string{
		"a cloud's own": "http://169.254.169.254/latest/meta-data/", "a cloud's own mapped": "http://[::ffff:169.254.169.254]/", "a cloud's own in IPv6": "http://[fd00:ec2::254]/",
		"a network of an office": "http://10.0.0.1/", "a network of a home": "http://192.168.0.1:8080/", "a network of a provider": "http://100.64.0.1/",
		"all": "http://255.255.255.255/", "a group": "http://224.0.0.1/", "documentation": "http://192.0.2.1/", "a port of mail": "http://127.0.0.3:25/",
	} {
		lies = append(lies, lie{name: "a redirect inside: " + name, follows: fails, tell: say(moved(307, location))})
	}
	return lies
}

// nameLies are about where the server's name leads.
func nameLies() []lie {
	v4 := func(address string) dnsmessage.ResourceBody {
		return &dnsmessage.AResource{A: netip.MustParseAddr(address).As4()}
	}
	mapped := dnsmessage.AAAAResource{AAAA: [16]byte(net.IPv4(127, 0, 0, 3).To16())}
	always := func(bodies ...dnsmessage.ResourceBody) func(dnsmessage.Question, int64) []dnsmessage.Resource {
		return func(q dnsmessage.Question, _ int64) []dnsmessage.Resource { return answers(q, bodies...) }
	}
	cname := &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName("liar.example.")}
	lies := []lie{
		{name: "a name that leads inside", follows: fails, resolves: always(v4("127.0.0.3"))},
		{name: "a name that leads to a cloud's own", follows: fails, resolves: always(v4("169.254.169.254"))},
		{name: "a name that leads to a mapped address", follows: fails, resolves: always(&mapped)},
		{name: "a name that leads to the own machine in IPv6", follows: fails, resolves: always(&dnsmessage.AAAAResource{AAAA: [16]byte(net.IPv6loopback)})},
		{name: "a name that leads nowhere", follows: fails, resolves: always()},
		{name: "a name that leads to nought", follows: fails, resolves: always(v4("0.0.0.0"))},
		{name: "a name that leads round", follows: fails, resolves: always(cname)},
		{name: "a name with hundreds of places inside", follows: fails, resolves: func(q dnsmessage.Question, _ int64) []dnsmessage.Resource {
			bodies := make([]dnsmessage.ResourceBody, 300)
			for i := range bodies {
				bodies[i] = v4(fmt.Sprintf("10.0.%d.%d", i>>8, i&255))
			}
			return answers(q, bodies...)
		}},
		{name: "a name that changes between asking and going", resolves: func(q dnsmessage.Question, n int64) []dnsmessage.Resource {
			if n%2 == 0 {
				return answers(q, v4("127.0.0.3"))
			}
			return answers(q, v4("127.0.0.1"))
		}},
		{name: "a name that leads inside first, and then where it should", resolves: always(v4("127.0.0.3"), v4("127.0.0.1"))},
		{name: "a name that leads where it should, and then inside", resolves: always(v4("127.0.0.1"), v4("127.0.0.3"))},
		{name: "an answer about another name", resolves: func(q dnsmessage.Question, _ int64) []dnsmessage.Resource {
			q.Name = dnsmessage.MustNewName("other.example.")
			return answers(q, v4("127.0.0.1"))
		}},
		{name: "a name server that is silent", follows: fails, stalls: true},
		{name: "a redirect to a name that leads inside", follows: fails, tell: say(moved(302, "http://inside.example:INSIDE/inside")),
			resolves: func(q dnsmessage.Question, _ int64) []dnsmessage.Resource {
				if strings.HasPrefix(q.Name.String(), "inside") {
					return answers(q, v4("127.0.0.3"))
				}
				return answers(q, v4("127.0.0.1"))
			}},
	}
	for i := range lies {
		lies[i].over = named
	}
	return lies
}
