package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"keypull/pull"
)

// Where Debian's package has the programs of Kannel.
const (
	bearerbox = "/usr/sbin/bearerbox" //nolint:gosec // a path, no password
	smsbox    = "/usr/sbin/smsbox"
)

// kannelMissing says why there is no Kannel to measure beside.
func kannelMissing() string {
	for _, program := range []string{bearerbox, smsbox} {
		if _, err := os.Stat(program); err != nil {
			return "Kannel is not installed: " + program + " is missing"
		}
	}
	return ""
}

// quietKannel is Kannel with errors alone in its log.
const quietKannel = "kannel-quiet"

// gateway is what Kannel is to answer: Keywords sms-services, each by get-url,
// or else by a text of its own from a store on disk.
type gateway struct {
	Keywords int
	URL      string
}

// kannelConf has logs as Debian's has them. Where nothing else is said Kannel
// logs everything: most of what an ask costs it then where there are many
// keywords, so that it is measured with errors alone in its log as well.
const kannelConf = `group = core
admin-port = ADMIN
admin-interface = 127.0.0.1
admin-password = bench
smsbox-port = BOX
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
dlr-storage = internal
log-file = "DIR/bearerbox.log"
LEVEL
STORE

group = smsc
smsc = fake
smsc-id = fake
port = PHONES
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = 0
global-sender = 13013
log-file = "DIR/smsbox.log"
LEVEL
`

// kannel is a bearerbox and a smsbox.
type kannel struct {
	boxes  []*exec.Cmd
	phones string
	admin  string
}

// kannelPatience is how long Kannel may take to be ready.
const kannelPatience = 60 * time.Second

func (b *bencher) startKannel(ctx context.Context, name string, g gateway) (k *kannel, err error) {
	ports := map[string]string{}
	for _, port := range []string{"ADMIN", "BOX", "PHONES"} {
		address, err := portFor(ctx)
		if err != nil {
			return nil, err
		}
		_, ports[port], _ = strings.Cut(address, ":")
	}
	dir := filepath.Join(b.dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	store := ""
	if g.URL == "" {
		store = "store-type = file\nstore-location = \"" + filepath.Join(dir, "kannel.store") + "\""
	}
	level := "log-level = 0"
	if b.peer == quietKannel {
		level = "log-level = 3"
	}
	file := filepath.Join(dir, "kannel.conf")
	text := strings.NewReplacer("ADMIN", ports["ADMIN"], "BOX", ports["BOX"], "PHONES", ports["PHONES"], "STORE", store, "DIR", dir, "LEVEL", level).Replace(kannelConf) + g.services()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("write the configuration: %w", err)
	}
	k = &kannel{phones: "127.0.0.1:" + ports["PHONES"], admin: "http://127.0.0.1:" + ports["ADMIN"] + "/status.txt?password=bench"}
	if err = k.runProgram(ctx, dir, bearerbox, file, "Status: "); err == nil {
		err = k.runProgram(ctx, dir, smsbox, file, "smsbox:")
	}
	if err != nil {
		k.Close()
		return nil, err
	}
	return k, nil
}

// services returns as many sms-services as there are keywords.
func (g gateway) services() string {
	var s strings.Builder
	answer := fmt.Sprintf("text = %q\n", standInText)
	if g.URL != "" {
		answer = fmt.Sprintf("get-url = \"%s%s?from=%%p&text=%%a\"\n", g.URL, textPath)
	}
	for i := range g.Keywords {
		fmt.Fprintf(&s, "\ngroup = sms-service\nkeyword = %s\n%smax-messages = 1\n", keywordName(i), answer)
	}
	return s.String()
}

// runProgram starts a program, and returns once the status tells that it is there.
func (k *kannel) runProgram(ctx context.Context, dir, program, file, ready string) error {
	const nothing = "4"
	said := &lastWords{}
	cmd := exec.CommandContext(ctx, program, "-v", nothing, file) //nolint:gosec // one of the two above
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, io.Discard, said
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("kannel: %w", err)
	}
	k.boxes = append(k.boxes, cmd)
	ctx, cancel := context.WithTimeout(ctx, kannelPatience)
	defer cancel()
	for !strings.Contains(k.readStatus(ctx), ready) {
		if pull.Sleep(ctx, 20*time.Millisecond); ctx.Err() != nil {
			return fmt.Errorf("kannel: %s does not come up: %s %w", program, said, ctx.Err())
		}
	}
	return nil
}

// readStatus returns what bearerbox says of itself, or "" if it says nothing.
func (k *kannel) readStatus(ctx context.Context) string {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, k.admin, http.NoBody)
	if err != nil {
		return ""
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return ""
	}
	defer func() { _ = answer.Body.Close() }()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return ""
	}
	return string(said)
}

// Close ends both, the one in front last.
func (k *kannel) Close() {
	for len(k.boxes) > 0 {
		last := k.boxes[len(k.boxes)-1]
		k.boxes = k.boxes[:len(k.boxes)-1]
		_ = last.Process.Signal(os.Interrupt)
		late := time.AfterFunc(kannelPatience/6, func() { _ = last.Process.Kill() })
		_ = last.Wait()
		late.Stop()
	}
}

var errUnanswered = errors.New("not all messages are answered")
