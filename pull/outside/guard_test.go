package outside_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"keypull/pull/outside"
)

func TestInsideAddressesAreRefused(t *testing.T) {
	c := outside.New(outside.Options{})
	for _, host := range []string{
		"127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::]", "10.1.2.3", "172.16.0.1", "192.168.1.1",
		"169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "203.0.113.5",
		"224.0.0.1", "240.0.0.1", "255.255.255.255", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[::127.0.0.1]",
		"[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
		"[2001:db8::1]", "[fd00:ec2::254]", "[fe80::1]", "[fe80::1%25lo]", "[ff02::1]", "[2606:4700::5efe:7f00:1]", "[2606:4700::200:5efe:10.0.0.1]",
	} {
		_, err := c.Do(t.Context(), outside.Request{URL: "http://" + host + "/"})
		if err == nil {
			t.Errorf("%s was reached", host)
			continue
		}
		// A machine without IPv6 may not get as far as the check.
		if got := reasonOf(t, err); got != outside.Refused && got != outside.Unreachable {
			t.Errorf("%s gives %q: %v", host, got, err)
		}
	}
}

func TestNumbersInPlaceOfAddressesLeadNowhere(t *testing.T) {
	c := outside.New(outside.Options{})
	for _, host := range []string{"2130706433", "0x7f.1", "017700000001", "127.1"} {
		if _, err := c.Do(t.Context(), outside.Request{URL: "http://" + host + "/"}); err == nil {
			t.Errorf("%s was reached", host)
		}
	}
}

func TestOddPortsOfPublicAddressesAreRefused(t *testing.T) {
	c := outside.New(outside.Options{})
	for _, address := range []string{"1.1.1.1:22", "1.1.1.1:25", "1.1.1.1:3306", "1.1.1.1:6379"} {
		_, err := c.Do(t.Context(), outside.Request{URL: "http://" + address})
		if got := reasonOf(t, err); got != outside.Refused {
			t.Errorf("%s gives %q", address, got)
		}
	}
	if _, err := c.Dialer(993)(t.Context(), "tcp", "1.1.1.1:80"); err == nil {
		t.Error("a dialer for port 993 reaches port 80")
	}
}

func TestAllowedNetworksAreReachedOnAnyPort(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	c := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	defer c.Close()
	if _, err := c.Do(t.Context(), outside.Request{URL: s.URL}); err != nil {
		t.Error(err)
	}
	address := s.Listener.Addr().String()
	conn, err := c.DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Do(t.Context(), outside.Request{URL: "http://127.0.0.2:" + port}); reasonOf(t, err) != outside.Refused {
		t.Errorf("the neighbour of an allowed address gives %v", err)
	}
}

func TestADeadHostAtAnAllowedNameIsNotCalledForbidden(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	c := outside.New(outside.Options{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	_, err = c.Do(t.Context(), outside.Request{URL: "http://localhost:" + port})
	if got := reasonOf(t, err); got != outside.Unreachable {
		t.Errorf("the reason is %q: %v", got, err)
	}
}
