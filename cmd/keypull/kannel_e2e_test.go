package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"unicode/utf16"

	"keypull/pull/outside/servertest"
)

// Debian's Kannel, with its stand-in for an operator, is what readers' telephones
// reach the service by: what it hands over and delivers proves more than a
// gateway of our own.

const (
	kannelSecret   = "kannel-secret-that-no-log-may-hold"
	kannelPassword = "kannel-password-that-no-log-may-hold"
)

// kannel is a bearerbox and a smsbox, and two operators in front of them: what
// comes by the first is answered in the response, what comes by the second by
// sendsms.
type kannel struct {
	t     *testing.T
	dir   string
	admin string
	// ports are those of the operators.
	ports [2]string
}

// The configuration is the one of docs/messengers/sms-kannel.notes.md, with an
// operator of its own for either way to answer.
const kannelConf = `group = core
admin-port = %[1]s
admin-interface = 127.0.0.1
admin-password = status
smsbox-port = %[2]s
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
box-deny-ip = "*.*.*.*"
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = first
port = %[4]s
connect-allow-ip = 127.0.0.1

group = smsc
smsc = fake
smsc-id = second
port = %[5]s
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = %[3]s
sendsms-interface = 127.0.0.1
global-sender = 13013
http-request-retry = 5
http-queue-delay = 1

group = sendsms-user
username = keypull
password = ` + kannelPassword + `
max-messages = 10
concatenation = true
forced-smsc = second
`

const kannelService = `
group = sms-service
keyword = default
accepted-smsc = %s
get-url = "%s/%s?from=%%p&to=%%P&text=%%b&id=%%I&ts=%%T&coding=%%c&charset=%%C"
accept-x-kannel-headers = true
omit-empty = true
max-messages = 10
concatenation = true
catch-all = true
`

func newKannel(t *testing.T, s *service, ports []string) *kannel {
	t.Helper()
	k := &kannel{t: t, dir: t.TempDir(), admin: "http://127.0.0.1:" + ports[0], ports: [2]string{ports[3], ports[4]}}
	conf := fmt.Sprintf(kannelConf, ports[0], ports[1], ports[2], ports[3], ports[4]) +
		fmt.Sprintf(kannelService, "first", s.URL+"/hook/lecker/sms", kannelSecret) +
		fmt.Sprintf(kannelService, "second", s.URL+"/hook/lecker/late", kannelSecret)
	path := filepath.Join(k.dir, "kannel.conf")
	if err := os.WriteFile(path, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	k.run("bearerbox", path)
	eventually(t, "bearerbox answers", func() bool { _, up := k.status(); return up })
	k.run("smsbox", path)
	eventually(t, "smsbox is connected", func() bool { said, _ := k.status(); return strings.Contains(said, "smsbox:") })
	return k
}

// run starts one of Kannel's programs; the test ends it.
func (k *kannel) run(name, conf string) {
	k.t.Helper()
	program := "/usr/sbin/" + name
	if _, err := os.Stat(program); err != nil {
		k.t.Fatalf("the test with Kannel needs its programs: install the packages kannel and kannel-extras: %v", err)
	}
	log, err := os.Create(filepath.Clean(filepath.Join(k.dir, name+".log")))
	if err != nil {
		k.t.Fatal(err)
	}
	cmd := exec.Command(program, "-v", "2", conf) //nolint:gosec // Debian's own
	cmd.Dir, cmd.Stdout, cmd.Stderr = k.dir, log, log
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	k.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if said, err := os.ReadFile(log.Name()); err == nil && k.t.Failed() {
			k.t.Logf("%s ends with\n%s", name, said[max(0, len(said)-2000):])
		}
		_ = log.Close()
	})
}

// status returns what bearerbox says of itself; false before it does.
func (k *kannel) status() (string, bool) {
	got, err := tryRequest(http.MethodGet, k.admin+"/status.txt?password=status", "", nil)
	return got.body, err == nil && got.status == http.StatusOK
}

// part is one short message as it reaches a telephone.
type part struct {
	to, reference string
	number        int
	text          string
}

// readers has telephones send so many messages by one of the operators, each
// from a number of its own, and returns what reached them, whole, once answers
// to all have.
func (k *kannel) readers(operator, many int, messages ...string) map[string][]string {
	k.t.Helper()
	port := k.ports[operator]
	// The senders are drawn, the rest is as it is said; as many a second as a machine
	// with much else to do can answer.
	const numbers, pause = "1", "0.008"
	args := append([]string{"-H", "127.0.0.1", "-r", port, "-i", pause, "-m", strconv.Itoa(many), "-z", numbers}, messages...)
	cmd := exec.Command("/usr/lib/kannel/test/fakesmsc", args...) //nolint:gosec // Debian's own
	cmd.Dir = k.dir
	out, err := cmd.StderrPipe()
	if err != nil {
		k.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		k.t.Fatalf("the test with Kannel needs fakesmsc: install the package kannel-extras: %v", err)
	}
	phones := &phones{}
	done := make(chan error, 1)
	go func() { done <- phones.listen(out) }()
	eventually(k.t, fmt.Sprintf("%d readers have their answers", many), func() bool { return phones.count() >= many })
	_ = cmd.Process.Signal(syscall.SIGTERM)
	if err := <-done; err != nil {
		k.t.Error(err)
	}
	_ = cmd.Wait()
	return phones.whole()
}

// phones are all telephones that something reached.
type phones struct {
	mu    sync.Mutex
	parts []part
	done  map[string]int
}

var arrived = regexp.MustCompile(`Got message \d+: <13013 (\S+) (text|ucs-2|ucs2|udh) (.*)>$`)

// listen reads what fakesmsc tells of each short message, until it ends.
func (p *phones) listen(out io.Reader) error {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		m := arrived.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		one, last, err := read(m[1], m[2], m[3])
		if err != nil {
			return fmt.Errorf("%s: %w", lines.Text(), err)
		}
		p.mu.Lock()
		p.parts = append(p.parts, one)
		if p.done == nil {
			p.done = map[string]int{}
		}
		if last {
			p.done[one.to]++
		}
		p.mu.Unlock()
	}
	return nil
}

// read returns one short message; last says that no part of it follows.
func read(to, kind, said string) (one part, last bool, err error) {
	one = part{to: to, number: 1}
	last = true
	body := said
	if kind == "udh" {
		header, data, ok := strings.Cut(said, " data ")
		udh, err := url.QueryUnescape(header)
		if err != nil || !ok || len(udh) != 6 {
			return one, false, fmt.Errorf("a header of %q", header)
		}
		one.reference, one.number, last = udh[3:4], int(udh[5]), udh[5] == udh[4]
		body = data
	}
	raw, err := url.QueryUnescape(body)
	if err != nil {
		return one, last, err
	}
	// In a part nothing says which alphabet it is in: Cyrillic letters begin with 4.
	if one.text = raw; strings.HasPrefix(raw, "\x04") || strings.HasPrefix(raw, "\x00") || strings.HasPrefix(kind, "ucs") {
		units := make([]uint16, 0, len(raw)/2)
		for i := 0; i+1 < len(raw); i += 2 {
			units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
		}
		one.text = string(utf16.Decode(units))
	}
	return one, last, nil
}

// count returns how many telephones got an answer to its end.
func (p *phones) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.done)
}

// whole returns the messages that reached each telephone, their parts joined.
func (p *phones) whole() map[string][]string {
	all := map[string][]string{}
	texts := map[[2]string]int{}
	slices.SortStableFunc(p.parts, func(a, b part) int { return a.number - b.number })
	for _, one := range p.parts {
		at, begun := texts[[2]string{one.to, one.reference}]
		if !begun || one.reference == "" {
			at = len(all[one.to])
			all[one.to] = append(all[one.to], "")
			texts[[2]string{one.to, one.reference}] = at
		}
		all[one.to][at] += one.text
	}
	return all
}

// freePorts are ports that nobody listens on.
func freePorts(t *testing.T, n int) (ports []string) {
	t.Helper()
	for range n {
		port, err := servertest.FreePort()
		if err != nil {
			t.Fatal(err)
		}
		ports = append(ports, strconv.Itoa(port))
	}
	return ports
}

func TestAThousandShortMessagesByKannelAreAnsweredWhole(t *testing.T) {
	t.Parallel()
	goals := strings.TrimSpace(strings.Repeat("Öl für 5 €: {Häkkinen} trifft in der 93. Minute. ", 6))
	weather := strings.TrimSpace(strings.Repeat("Дождь, потом солнце, к вечеру 12 градусов. ", 4))
	ports := freePorts(t, 5)
	channel := func(id, reply string) string {
		return fmt.Sprintf("\n[[publisher.channel]]\nid = %q\nkind = \"sms-kannel\"\n[publisher.channel.settings]\nsecret = %q\nusername = \"keypull\"\n"+
			"password = %q\nsendsms_url = \"http://127.0.0.1:%s\"\nreply = %q\n", id, kannelSecret, kannelPassword, ports[2], reply)
	}
	s := serveConfig(t, sourceBlock("goals", "text", "", fmt.Sprintf("answers = [{ text = %q }]", goals)), keywordBlock("goals", "goals"),
		sourceBlock("weather", "text", "", fmt.Sprintf("answers = [{ text = %q }]", weather)),
		"\n[[publisher.keyword]]\nid = \"weather\"\nsource = \"weather\"\nphrases = { en = [\"погода\"] }\n",
		channel("sms", "response"), channel("late", "sendsms"))
	s.log.keepOut(kannelSecret, kannelPassword)
	k := newKannel(t, s, ports)
	for operator, many := range []int{800, 200} {
		got := k.readers(operator, many, "+336 13013 text goals", "+337 13013 ucs2 %04%3F%04%3E%04%33%04%3E%04%34%04%30")
		if len(got) != many {
			t.Errorf("%d numbers got answers, want %d", len(got), many)
		}
		wrong := 0
		for number, texts := range got {
			want := goals
			if strings.HasPrefix(number, "+337") {
				want = weather
			}
			if len(texts) != 1 || !strings.HasPrefix(texts[0], want) {
				if wrong++; wrong < 4 {
					t.Errorf("%s got %q, want one message that begins with %q", number, texts, want)
				}
			}
		}
	}
	s.settled()
	eventually(t, "the arrival of what was answered in responses is told", func() bool {
		return s.hook.Channels.Find("lecker", "sms").Health().Delivered == 800
	})
}
