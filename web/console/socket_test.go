package console_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/consoletest"
)

// fails returns a console whose operations tell who asks, or fail with err.
func fails(err error) *console.Console {
	return console.New(console.Options{},
		console.Declare[struct{}, console.Principal](console.Declaration{Name: "me.tell", Permission: console.Read}).Bind(
			func(ctx context.Context, _ struct{}) (console.Principal, error) {
				p, _ := console.Caller(ctx)
				return p, err
			}),
		console.Declare[console.Of, console.None](console.Declaration{Name: "me.write", Permission: console.Write}).Bind(
			func(context.Context, console.Of) (console.None, error) { return console.None{}, err }),
	)
}

func listening(t *testing.T, c *console.Console, bearer console.Bearer) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s.sock")
	socket, err := console.Listen(path, c, bearer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := socket.Close(); err != nil {
			t.Error(err)
		}
	})
	return path
}

func viewers(_ context.Context, token, address string) (console.Principal, error) {
	if token != "good" {
		return console.Principal{}, &pull.Error{Kind: pull.Denied, Op: "api", Hint: words.Verbatim("this token is unknown")}
	}
	return console.Principal{
		ID: "token:x", Name: "x", Face: console.FaceAPI, Address: address,
		Roles: map[string]people.Role{"lecker": people.Viewer},
	}, nil
}

func TestWhoAsksAtTheSocketIsTheOperatorOrATokens(t *testing.T) {
	path := listening(t, fails(nil), viewers)
	ask := func(token, op string, in any) (console.Principal, error) {
		return consoletest.Call[any, console.Principal](t.Context(), console.Client{Path: path, Token: token}, op, in)
	}
	if p, err := ask("", "me.tell", struct{}{}); err != nil || p.ID != console.Operator().ID || !p.Admin {
		t.Errorf("without a token: %+v, %v", p, err)
	}
	if p, err := ask("good", "me.tell", struct{}{}); err != nil || p.ID != "token:x" || p.Admin || p.Face != console.FaceSocket {
		t.Errorf("with a token: %+v, %v", p, err)
	}
	if _, err := ask("bad", "me.tell", struct{}{}); pull.KindOf(err) != pull.Denied {
		t.Errorf("with another token: %v", err)
	}
	of := console.Of{Publisher: "lecker"}
	if _, err := ask("", "me.write", of); err != nil {
		t.Errorf("the operator may write: %v", err)
	}
	if _, err := ask("good", "me.write", of); pull.KindOf(err) != pull.Denied {
		t.Errorf("a viewer's token may not: %v", err)
	}
	none := console.Client{Path: listening(t, fails(nil), nil), Token: "good"}
	if _, err := none.Do(t.Context(), "me.tell", []byte("{}")); pull.KindOf(err) != pull.Denied {
		t.Errorf("where no tokens are known: %v", err)
	}
}

func TestAnErrorIsTheSameBehindTheSocket(t *testing.T) {
	ctx := console.WithCaller(t.Context(), console.Operator())
	at := time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name string
		err  error
	}{
		{"problems of fields", settings.Problems{settings.NewProblem("source.url", "url"), settings.NewProblem("source.id", "id", "got", "A")}},
		{"a plain refusal", &pull.Error{Kind: pull.Unknown, Field: "source", Hint: words.Verbatim("there is no such source")}},
		{"one that names a moment", &pull.Error{Kind: pull.Limited, Op: "enter", Hint: words.Verbatim("slowly"), RetryAt: at}},
		{"one with a cause", &pull.Error{Kind: pull.Unavailable, Op: "fetch", Err: errors.New("no route")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := fails(tt.err)
			_, here := c.Do(ctx, "me.tell", []byte("{}"))
			_, there := console.Client{Path: listening(t, c, nil)}.Do(ctx, "me.tell", []byte("{}"))
			if here == nil || there == nil || here.Error() != there.Error() || console.KindOf(here) != console.KindOf(there) {
				t.Fatalf("here %v, there %v", here, there)
			}
			same := cmp.Comparer(func(a, b error) bool { return (a == nil) == (b == nil) && (a == nil || a.Error() == b.Error()) })
			if diff := cmp.Diff(typed(here), typed(there), same); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// typed takes the typed error out of another.
func typed(err error) any {
	var (
		problems settings.Problems
		e        *pull.Error
	)
	if errors.As(err, &problems) {
		return []settings.Problem(problems)
	}
	if errors.As(err, &e) {
		return *e
	}
	return err.Error()
}

func TestAnInputThatIsNoJSONIsRefusedWithItsPlace(t *testing.T) {
	here := fails(nil)
	for _, tt := range []struct{ in, at string }{
		{`{bad`, "from character 2 on"}, {`{"publisher": lecker}`, "from character 15 on"}, {`{"publisher": "lecker"`, "write the rest"}, {``, "write the rest"},
		{`{"publisher": "lecker"} {}`, "write one object alone"},
	} {
		for face, d := range map[string]console.Doer{"the server": console.Client{Path: listening(t, here, nil)}, "the store": here} {
			_, err := d.Do(console.WithCaller(t.Context(), console.Operator()), "me.write", []byte(tt.in))
			if said := words.Said(err).In("en"); pull.KindOf(err) != pull.Invalid || !strings.Contains(said, tt.at) {
				t.Errorf("%s of %s: %s %q, want %s", tt.in, face, pull.KindOf(err), said, tt.at)
			}
		}
	}
}

func TestAStaleVersionIsToldBehindTheSocket(t *testing.T) {
	c := fails(&console.Stale{Current: map[string]any{"id": "news"}, Version: "7"})
	_, err := console.Client{Path: listening(t, c, nil)}.Do(t.Context(), "me.tell", []byte("{}"))
	var stale *console.Stale
	if !errors.As(err, &stale) || stale.Version != "7" || console.KindOf(err) != pull.Conflict {
		t.Fatalf("got %v", err)
	}
	if current, ok := stale.Current.(json.RawMessage); !ok || string(current) != `{"id":"news"}` {
		t.Errorf("current %v", stale.Current)
	}
}

func TestAnyOtherErrorIsInternalBehindTheSocket(t *testing.T) {
	_, err := console.Client{Path: listening(t, fails(errors.New("the disk")), nil)}.Do(t.Context(), "me.tell", []byte("{}"))
	if pull.KindOf(err) != pull.Internal || !strings.Contains(err.Error(), "the disk") {
		t.Errorf("got %v", err)
	}
}

func TestNonsenseAtTheSocketIsAnswered(t *testing.T) {
	path := listening(t, fails(nil), nil)
	for _, line := range []string{"\n", "{\n", "[]\n", `{"op":1}` + "\n", `{"op":"me.tell"}` + "\n", "\xff\x00\n"} {
		conn, err := new(net.Dialer).DialContext(t.Context(), "unix", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
		var answer struct {
			Error *struct{ Kind string }
		}
		if err := json.NewDecoder(conn).Decode(&answer); err != nil || answer.Error == nil || answer.Error.Kind == "" {
			t.Errorf("%q is answered %+v, %v", line, answer, err)
		}
		_ = conn.Close()
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}
