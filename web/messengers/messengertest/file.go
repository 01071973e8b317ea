package messengertest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/go-cmp/cmp"

	"keypull/web/messengers"
)

// file is a delivery that lies in a folder.
type file struct {
	name     string
	delivery messengers.Delivery
	asks     bool
	want     meaning
}

// meaning is what stands in a .want.json: the parts of a receipt, those left out
// that are nothing. Body is the response's text. Of an ask, "reader", "also",
// "overheard", "edit" and "from" are told as well as what is kept of it.
type meaning struct {
	Asks   []said             `json:"asks,omitempty"`
	Events []messengers.Event `json:"events,omitempty"`
	Status int                `json:"status,omitempty"`
	Header map[string]string  `json:"header,omitempty"`
	Body   string             `json:"body,omitempty"`
}

// said is an ask with what is never kept of it.
type said struct {
	messengers.Incoming
	Reader    string   `json:"reader,omitempty"`
	Also      []string `json:"also,omitempty"`
	Overheard bool     `json:"overheard,omitempty"`
	Edit      bool     `json:"edit,omitempty"`
	From      string   `json:"from,omitempty"`
}

func meant(r messengers.Receipt) meaning {
	m := meaning{Events: r.Events, Status: r.Status, Header: r.Header, Body: string(r.Body)}
	for _, in := range r.Asks {
		m.Asks = append(m.Asks, said{Incoming: in, Reader: in.Reader, Also: in.Also, Overheard: in.Overheard, Edit: in.Edit, From: in.From})
	}
	return m
}

// Load reads a delivery from an .http file: a request line, whose path is what
// follows the hook's own, headers, an empty line, and the body as it stands but
// for a line feed at its end.
func Load(name string) (messengers.Delivery, error) {
	raw, err := os.ReadFile(filepath.Clean(name))
	if err != nil {
		return messengers.Delivery{}, fmt.Errorf("read a delivery: %w", err)
	}
	head, body, _ := bytes.Cut(raw, []byte("\n\n"))
	lines := strings.ReplaceAll(string(head), "\n", "\r\n") + "\r\n\r\n"
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(lines)))
	if err != nil {
		return messengers.Delivery{}, fmt.Errorf("%s: %w", name, err)
	}
	_, _ = io.Copy(io.Discard, r.Body)
	return messengers.Delivery{
		Method: r.Method, Path: strings.TrimPrefix(r.URL.Path, "/"), Query: r.URL.Query(), Header: r.Header,
		Body: bytes.TrimSuffix(body, []byte("\n")), URL: "https://example.org/hook/lecker/test" + r.URL.RequestURI(), At: Now(),
	}, nil
}

// load reads the deliveries of the case's folder, signed where it signs.
func (c Case) load(t T) []file {
	t.Helper()
	if c.Folder == "" {
		return nil
	}
	names, err := filepath.Glob(filepath.Join(c.Folder, "*.http"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no deliveries in %s: %v", c.Folder, err)
	}
	var all []file
	for _, name := range names {
		d, err := Load(name)
		if err != nil {
			t.Fatalf("%v", err)
		}
		for _, prove := range []func(messengers.Delivery) messengers.Delivery{c.Prove, c.Sign} {
			if prove != nil {
				d = prove(d)
			}
		}
		f := file{name: filepath.Base(name), delivery: d}
		raw, err := os.ReadFile(strings.TrimSuffix(name, ".http") + ".want.json")
		if err != nil {
			got := meant(c.receive(t, c.open(t, nowhere, nil, &record{}), copied(d)))
			text, _ := json.MarshalIndent(got, "", "\t") // strings and numbers always can be
			t.Fatalf("%v; if this is right, write it there:\n%s", err, text)
		}
		if err := json.Unmarshal(raw, &f.want); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, in := range f.want.Asks {
			f.asks = f.asks || !in.Edit && !in.Overheard
		}
		all = append(all, f)
	}
	return all
}

// means holds each file against what stands beside it.
func (c Case) means(t T, files []file) {
	for _, f := range files {
		t.Run(f.name, func(t T) {
			got := plain(meant(c.receive(t, c.open(t, nowhere, nil, &record{}), copied(f.delivery))))
			if diff := cmp.Diff(plain(f.want), got); diff != "" {
				t.Errorf("%s does not mean what is said beside it: %s", f.name, diff)
			}
		})
	}
}

// plain returns a meaning as JSON has it.
func plain(m meaning) (v any) {
	raw, err := json.Marshal(m)
	if err != nil || json.Unmarshal(raw, &v) != nil {
		return err
	}
	return v
}
