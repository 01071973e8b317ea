package desk_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/pipeline"
	"keypull/pull/talk"
	"keypull/pull/what"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/mem"
	"keypull/web/console"
	"keypull/web/desk"
	"keypull/web/messengers"
)

// office is where people of a publisher sit: a bridge whose platform knows a key that came before,
// and now and then is down, or takes a post and does not say so.
type office struct {
	mu      sync.Mutex
	threads map[string][]desk.Post
	seen    map[string]string
	fails   func() (taken, down bool)
	tokens  []string
}

func newOffice() *office {
	return &office{threads: map[string][]desk.Post{}, seen: map[string]string{}, fails: func() (bool, bool) { return true, false }}
}

func (o *office) Carry(_ context.Context, p desk.Post) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	taken, down := o.fails()
	thread, again := o.seen[p.Key]
	if taken && !again {
		if thread = p.Thread; thread == "" {
			thread = fmt.Sprint("C1/", len(o.threads)+1)
			o.tokens = append(o.tokens, p.Token)
		}
		o.threads[thread] = append(o.threads[thread], p)
		o.seen[p.Key] = thread
	}
	if down {
		return "", errors.New("the office is down")
	}
	return thread, nil
}

func (*office) Overhear(_ *messengers.Channel, in *messengers.Incoming) (desk.Heard, bool) {
	if in.Posted == nil {
		return desk.Heard{}, false
	}
	var tokens, threads []string
	for _, mark := range in.Posted.Below {
		if token, shown := strings.CutPrefix(mark, "token:"); shown || !strings.Contains(mark, "/") {
			tokens = append(tokens, token)
			continue
		}
		threads = append(threads, mark)
	}
	return desk.Heard{Tokens: tokens, Threads: threads, Key: in.ID, By: in.Posted.By, Allowed: in.Posted.Proven, Text: in.Posted.Whole, Files: in.Attachments}, true
}

func (*office) Over(*messengers.Channel) bool { return true }

// texts returns what stands in a thread, each post's last paragraph alone.
func (o *office) texts(thread string) (all []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, p := range o.threads[thread] {
		parts := strings.Split(p.Text, "\n\n")
		all = append(all, parts[len(parts)-1])
	}
	return all
}

type officeSettings struct{ at *office }

func (s *officeSettings) Open(desk.BridgeEnv) (desk.Bridge, error) { return s.at, nil }

// newsroom is a catalogue of one publisher, whose people sit in an office.
type newsroom struct {
	console.Catalogue
	setup *catalogue.Setup
}

func (n newsroom) Publisher(string) *catalogue.Setup { return n.setup }

// clearVault seals nothing.
type clearVault struct{}

func (clearVault) Seal(purpose string, plain []byte) []byte {
	return append([]byte(purpose+"\x00"), plain...)
}

func (clearVault) Unseal(purpose string, sealed []byte) ([]byte, error) {
	rest, ok := strings.CutPrefix(string(sealed), purpose+"\x00")
	if !ok {
		return nil, errors.New("sealed for something else")
	}
	return []byte(rest), nil
}

// readers hold what is known of readers.
type readers struct{ at map[who.Key]who.Reader }

func (r *readers) Reader(_ context.Context, key who.Key) (who.Reader, uint64, error) {
	return r.at[key], 1, nil
}

func (*readers) Record(context.Context, uint64) (pipeline.Record, bool, error) {
	return pipeline.Record{}, false, nil
}

// room is a desk with a bridge, which may be closed and opened anew.
type room struct {
	*desk.Desk
	kept    *shelf
	office  *office
	queue   *line
	readers *readers
	now     time.Time
	channel *messengers.Channel
	talker  *talker
}

func openRoom(t testing.TB) *room {
	r := &room{kept: newShelf(), office: newOffice(), queue: &line{put: map[int]string{}}, readers: &readers{map[who.Key]who.Reader{}}, now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
	r.talker = &talker{files: map[string][]byte{"png": []byte(picture), "note": []byte("plain words"), "page": []byte("<html><script>1</script>")}}
	r.channel = messengers.NewChannel("p", "web", "chat", r.talker)
	r.open()
	return r
}

// picture is what a picture begins with.
const picture = "\x89PNG\r\n\x1a\n and so on"

// talker is a messenger that has no limits, and keeps files.
type talker struct {
	messengers.Messenger
	files map[string][]byte
	// fails is why none is to be had; ends, where set, reports whether the process ends here.
	fails error
	ends  func() bool
}

func (*talker) Limits() messengers.Limits { return messengers.Limits{} }

func (t *talker) Fetch(_ context.Context, m what.Media, most int64) ([]byte, error) {
	body, ok := t.files[m.Ref]
	switch {
	case t.fails != nil:
		return nil, t.fails
	case t.ends != nil && t.ends():
		return nil, errCut
	case !ok:
		return nil, &pull.Error{Kind: pull.Unknown}
	case int64(len(body)) > most:
		return nil, &pull.Error{Kind: pull.Invalid}
	}
	return body, nil
}

// open begins as after a restart.
func (r *room) open() {
	channels := &messengers.Channels{}
	channels.Set("p", []*messengers.Channel{r.channel})
	pub := catalogue.Publisher{ID: "p", Name: "Lecker", Languages: []string{"en"}, TimeZone: "UTC", Person: catalogue.Person{Bridge: catalogue.Bridge{Kind: "office"}}}
	r.Desk = desk.New(desk.Options{
		Bookings: store.NewBookings(mem.Open(store.Options{})),
		Talks:    r.kept, Readers: r.readers, Catalogue: newsroom{setup: catalogue.NewSetup(pub, nil)}, Channels: channels, PublicURL: "https://keypull.example", Vault: clearVault{}, Random: rand.NewChaCha8([32]byte{1}),
		Bridges: []desk.Kind{{Name: "office", New: func() desk.Opener { return &officeSettings{r.office} }}},
		Clock:   func() time.Time { return r.now }, Logger: slog.New(slog.DiscardHandler),
	})
	r.Serve(desk.Line{Put: r.queue.Put, Change: func(_ context.Context, key who.Key, f func(who.Reader) who.Reader) error {
		r.readers.at[key] = f(r.readers.at[key])
		return nil
	}})
}

// tell has a reader write something to a person.
func (r *room) tell(t testing.TB, key who.Key, ask uint64, text string) {
	if err := r.hand(t, key, ask, text); err != nil {
		t.Fatal(err)
	}
}

// hand does the same, and may fail.
func (r *room) hand(t testing.TB, key who.Key, ask uint64, text string, along ...what.Media) error {
	reader := r.readers.at[key]
	if reader.Talk == nil {
		reader, _ = who.Reader{State: who.Active, First: r.now, Settled: []uint64{ask}}.Turn(who.TurnAsked, r.now, ask)
		r.readers.at[key] = reader
	}
	a := pull.Ask{ID: ask, Publisher: "p", Channel: "web", Reader: key, At: r.now, Incoming: pull.Incoming{Address: "address-of-" + string(key)}}
	return r.Keep(t.Context(), a, &pull.Resolved{Reader: reader, Handed: &pull.Handed{Said: text, Attached: along}})
}

// answer has a person write something in a thread.
func (r *room) answer(t testing.TB, id, text string, proven bool, marks ...string) bool {
	t.Helper()
	in := &messengers.Incoming{ID: id, Posted: &pull.Posted{Below: marks, By: "ann", Proven: proven, Whole: text}}
	taken, err := r.Hear(t.Context(), r.channel, in)
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

func (r *room) carry(t testing.TB) {
	r.now = r.now.Add(2 * time.Minute) // beyond every pause
	desk.CarryAll(t.Context(), r.Desk)
}

// What readers write is in the thread once and in its order, whatever the bridge does meanwhile
// and wherever the process ends.
func TestWhatReadersWriteIsCarriedOnceAndInItsOrder(t *testing.T) {
	rapid.Check(t, func(d *rapid.T) {
		r := openRoom(t)
		key := who.Key("p.ann")
		var want []string
		for i := range rapid.IntRange(1, 10).Draw(d, "words") {
			taken, down := rapid.Bool().Draw(d, "taken"), rapid.Bool().Draw(d, "down")
			r.office.fails = func() (bool, bool) { return taken || !down, down }
			text := fmt.Sprint("word ", i)
			r.tell(t, key, uint64(i+1), text)
			want = append(want, "Reader: "+text)
			r.kept.cut = rapid.IntRange(-1, 3).Draw(d, "cut")
			r.carry(t)
			if r.kept.cut = -1; rapid.Bool().Draw(d, "restart") {
				r.open()
			}
		}
		r.office.fails = func() (bool, bool) { return true, false }
		r.open()
		r.carry(t)
		if len(r.office.threads) != 1 || !slices.Equal(r.office.texts("C1/1"), want) {
			d.Fatalf("%q in %d threads, want %q", r.office.texts("C1/1"), len(r.office.threads), want)
		}
		if of, _, err := r.kept.Get(t.Context(), key); err != nil || of.Uncarried {
			d.Fatalf("%+v, %v", of.Head, err)
		}
	})
}

func TestAnAnswerReachesTheReaderOfItsThreadAlone(t *testing.T) {
	r := openRoom(t)
	r.tell(t, "p.ann", 1, "my paper is wet")
	r.carry(t)
	r.tell(t, "p.ben", 2, "my paper is late")
	r.carry(t)
	token := r.office.tokens[1]
	if len(token) != 26 || token == r.office.tokens[0] {
		t.Fatalf("%q", r.office.tokens)
	}
	for _, one := range []struct {
		what   string
		marks  []string
		proven bool
		at     time.Duration
	}{
		{"no token at all", nil, true, 0},
		{"a guess", []string{"aaaaaaaaaaaaaaaaaaaaaaaaaa"}, true, 0},
		{"a token in capitals", []string{strings.ToUpper(token)}, true, 0},
		{"a token cut short", []string{token[:25]}, true, 0},
		{"a longer one", []string{token + "a"}, true, 0},
		{"its fingerprint", []string{talk.Fingerprint(token)}, true, 0},
		{"an empty mark", []string{""}, true, 0},
		{"the name of the conversation", []string{r.office.threads["C1/2"][0].Title}, true, 0},
		{"a thread shown as a token", []string{"token:C1/2"}, true, 0},
		{"a thread that is none", []string{"C1/3"}, true, 0},
		{"the thread of another channel", []string{"C2/2"}, true, 0},
		{"somebody whom the publisher does not know", []string{token}, false, 0},
		{"the tokens of two conversations", []string{token, r.office.tokens[0]}, true, 0},
		{"a token that is too old", []string{token}, true, talk.Answerable + time.Second},
	} {
		before := r.now
		r.now = r.now.Add(one.at)
		if taken := r.answer(t, one.what, "forged", one.proven, one.marks...); !taken {
			t.Errorf("%s: it may be an ask", one.what)
		}
		r.now = before
	}
	if len(r.queue.order) != 0 {
		t.Fatalf("%q reached a reader", r.queue.order)
	}
	unheard := func() (n int) {
		for _, f := range r.Failing("p", "en") {
			if f.Code == "unheard" {
				n += f.Count
			}
		}
		return n
	}
	desk.Tend(t.Context(), r.Desk)
	for range 2 { // also after a restart
		if n := unheard(); n != 14 {
			t.Errorf("%d answers did not count", n)
		}
		r.open()
	}
	for range 2 { // a delivery may come twice
		r.answer(t, "m1", "It comes at nine.", true, token)
	}
	if !slices.Equal(r.queue.order, []string{"It comes at nine."}) || r.readers.at["p.ben"].Mode != who.Human || r.readers.at["p.ann"].Mode == who.Human {
		t.Errorf("%q arrived", r.queue.order)
	}
	if !r.Staffed("p", r.now) {
		t.Error("nobody answers readers")
	}
	r.carry(t)
	if got := len(r.office.threads["C1/2"]); got != 1 {
		t.Errorf("the answer stands in its own thread %d times", got-1)
	}
	r.answer(t, "m2", "Good night.\n/Release.", true, "C1/2")
	r.carry(t)
	if got := r.office.texts("C1/2"); r.readers.at["p.ben"].Mode != who.Bot || r.queue.order[1] != "Good night." || !strings.Contains(got[len(got)-1], "back with the service") {
		t.Errorf("%q, %q", r.queue.order, got)
	}
	r.answer(t, "m3", " ", true, token)
	r.carry(t)
	if got := r.office.texts("C1/2"); !strings.Contains(got[len(got)-1], "nothing in your answer") || len(r.queue.order) != 2 {
		t.Errorf("%q", got)
	}
	if r.now = r.now.Add(talk.Answerable + 2*talk.UnheardFor); unheard() != 0 {
		t.Error("that answers did not count is told for longer than a day")
	}
}

// What an answer quotes and signs with reaches no reader, whatever the bridge.
func TestWhatAnAnswerQuotesAndSignsWithStaysThere(t *testing.T) {
	for said, want := range map[string]string{
		"It is fine.": "It is fine.",
		"It is fine.\n\n-- \nAnn Smith\nThe Paper":           "It is fine.",
		"It is fine.\r\n\r\n-- \r\nAnn Smith":                "It is fine.",
		"It is fine.\n--\nAnn":                               "It is fine.",
		"> my paper is wet\nA dry one comes.\n> thanks\nAnn": "A dry one comes.\nAnn",
		"Open 9 -- 17.\n-- that is, today":                   "Open 9 -- 17.\n-- that is, today",
		"a > b":                                              "a > b",
		"-- \nAnn":                                           "",
		"> wet paper":                                        "",
		"Bye.\n-- \n/Release":                                "Bye.",
	} {
		r := openRoom(t)
		r.tell(t, "p.ann", 1, "my paper is wet")
		r.carry(t)
		r.answer(t, "m1", said, true, r.office.tokens[0])
		var wanted []string
		if want != "" {
			wanted = []string{want}
		}
		if !slices.Equal(r.queue.order, wanted) {
			t.Errorf("of %q arrived %q, want %q", said, r.queue.order, wanted)
		}
		if want != "" && r.readers.at["p.ann"].Mode != who.Human {
			t.Errorf("%q hands the reader back", said)
		}
		if r.carry(t); want == "" {
			got := r.office.texts("C1/1")
			if !strings.Contains(got[len(got)-1], "nothing in your answer") {
				t.Errorf("to %q the thread says %q", said, got)
			}
		}
	}
}

func TestTheThreadIsToldOfFORGETAndOfNothingThatNamesTheReader(t *testing.T) {
	r := openRoom(t)
	key := who.Key("p.quetzalmark")
	r.tell(t, key, 1, "hello")
	r.carry(t)
	token := r.office.tokens[0]
	r.office.fails = func() (bool, bool) { return false, true }
	r.Forget(key)
	r.kept.erase(key)
	r.carry(t)
	r.open()
	r.kept.cut = 0
	r.office.fails = func() (bool, bool) { return true, false }
	r.carry(t) // it is told, and the process ends before that is noted
	r.kept.cut = -1
	r.open()
	r.carry(t)
	r.carry(t)
	if got := r.office.texts("C1/1"); len(got) != 2 || !strings.Contains(got[1], "delete this thread") || len(r.kept.farewells) != 0 {
		t.Errorf("%q, %d left", got, len(r.kept.farewells))
	}
	for _, p := range r.office.threads["C1/1"] {
		if all := fmt.Sprint(p); strings.Contains(all, "quetzalmark") {
			t.Errorf("it tells who the reader is: %s", all)
		}
	}
	if r.answer(t, "late", "Are you there?", true, token); len(r.queue.order) != 0 {
		t.Errorf("%q", r.queue.order)
	}
}

// What nobody answered stands in the list, and among what fails, however long it takes: until
// somebody answers, or the reader is the service's again by a word of their own or of a person's.
func TestWhatNobodyAnsweredWaits(t *testing.T) {
	const key = who.Key("p.ann")
	turn := func(to who.Turn) func(r *room) {
		return func(r *room) { r.readers.at[key], _ = r.readers.at[key].Turn(to, r.now, 9) }
	}
	answered := func(r *room) { r.answer(t, "m"+r.now.String(), "At nine.", true, r.office.tokens[0]) }
	asks := func(r *room) { r.tell(t, key, 2, "and today?") }
	hours := func(n int) func(r *room) {
		return func(r *room) { r.now = r.now.Add(time.Duration(n) * time.Hour) }
	}
	leaves := func(r *room) {
		turn(who.TurnLapsed)(r)
		turn(who.TurnLeft)(r)
		a := pull.Ask{ID: 3, Publisher: "p", Channel: "web", Reader: key, At: r.now}
		if err := r.Keep(t.Context(), a, &pull.Resolved{Reader: r.readers.at[key], Handed: &pull.Handed{Said: "anybody?", Began: pull.BeganLeft}}); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		steps []func(r *room)
		state talk.State
	}{
		"asked for":                               {nil, talk.Waiting},
		"waited for in vain":                      {[]func(*room){hours(8 * 24)}, talk.Waiting},
		"answered":                                {[]func(*room){answered}, talk.Person},
		"answered, and a day":                     {[]func(*room){answered, hours(25)}, talk.Over},
		"asked again":                             {[]func(*room){answered, asks, hours(23)}, talk.Person},
		"asked again, and a day":                  {[]func(*room){answered, asks, hours(25)}, talk.Waiting},
		"asked again, answered, and a day":        {[]func(*room){answered, asks, hours(25), answered, hours(25)}, talk.Over},
		"asked again, a day, and left a message":  {[]func(*room){answered, asks, hours(25), leaves}, talk.Left},
		"a message left that was answered":        {[]func(*room){answered, hours(25), leaves, answered}, talk.Person},
		"asked again, a day, and had enough":      {[]func(*room){answered, asks, hours(25), turn(who.TurnLapsed), asks}, talk.Over},
		"asked again, a day, and was handed back": {[]func(*room){answered, asks, hours(25), func(r *room) { r.answer(t, "m9", "/Release", true, r.office.tokens[0]) }}, talk.Over},
	} {
		r := openRoom(t)
		r.tell(t, key, 1, "my paper is wet")
		r.carry(t)
		for _, step := range c.steps {
			step(r)
		}
		r.open()
		of, _, err := r.kept.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		fails := slices.ContainsFunc(r.Failing("p", "en"), func(f console.Failure) bool { return f.Code == "waiting" && f.Count == 1 })
		if got, waits := of.StateAt(r.now), c.state == talk.Waiting || c.state == talk.Left; got != c.state || fails != waits {
			t.Errorf("%s: it is %q, and among what fails: %t", name, got, fails)
		}
	}
}

// Two people who answer at once both reach the reader, in the order in which both read it.
func TestTwoWhoAnswerAtOnceBothArriveInOneOrder(t *testing.T) {
	r := openRoom(t)
	r.tell(t, "p.ann", 1, "my paper is wet")
	r.carry(t)
	var both sync.WaitGroup
	for _, by := range []string{"ann", "ben"} {
		both.Go(func() {
			for i := range 20 {
				in := &messengers.Incoming{ID: fmt.Sprint(by, i), Posted: &pull.Posted{Below: r.office.tokens, By: by, Proven: true, Whole: fmt.Sprint(by, " ", i)}}
				if _, err := r.Hear(t.Context(), r.channel, in); err != nil {
					t.Error(err)
				}
			}
		})
	}
	both.Wait()
	of, _, err := r.kept.Get(t.Context(), "p.ann")
	if err != nil {
		t.Fatal(err)
	}
	var written []string
	last := map[string]int{"ann": -1, "ben": -1}
	for _, l := range of.Said[1:] {
		var by string
		var n int
		if _, err := fmt.Sscan(l.Text, &by, &n); err != nil || n != last[by]+1 {
			t.Fatalf("%q comes after %d: %v", l.Text, last[by], err)
		}
		last[by], written = n, append(written, l.Text)
	}
	if len(written) != 40 || !slices.Equal(written, r.queue.order) {
		t.Errorf("%q is written down, and %q arrived", written, r.queue.order)
	}
}

// Two hundred conversations, each with the process ended at every step of it: at what is written
// down, put into the reader's queue and carried, before it counts and after. Nothing is lost, all
// is in its order, and nothing is anywhere twice.
func TestAProcessThatEndsAtAnyStepLosesNothingOfAConversation(t *testing.T) {
	const conversations, fewest = 200, 2000
	ended := 0
	for n := range conversations {
		for step := 0; ; step++ {
			if !endedAt(t, n, step) {
				break
			}
			ended++
		}
	}
	if ended < fewest {
		t.Errorf("the process ended %d times only", ended)
	}
	t.Logf("the process ended %d times", ended)
}

// endedAt holds a conversation with the process ended at a step, and begun anew; false where it has
// fewer.
func endedAt(t *testing.T, n, step int) (ended bool) {
	r, key, rest := openRoom(t), who.Key("p.ann"), n
	// choose draws what happens next in this conversation.
	choose := func(of int) (chosen int) {
		chosen, rest = rest%of, rest/of
		return chosen
	}
	r.kept.cut = step
	alive := func() bool {
		r.kept.mu.Lock()
		defer r.kept.mu.Unlock()
		return r.kept.spend() == nil
	}
	r.office.fails = func() (taken, down bool) {
		if !alive() {
			return false, true
		}
		return true, !alive()
	}
	r.queue.ends = func() bool { return !alive() }
	// through does something until no end of the process comes between: whoever asked for it asks anew.
	through := func(do func() error) {
		for tries := 0; ; tries++ {
			err := do()
			if r.kept.cut != 0 {
				if err != nil {
					t.Fatalf("conversation %d, step %d: %v", n, step, err)
				}
				return
			}
			ended, r.kept.cut = true, -1
			r.open()
		}
	}
	carry := func() error {
		r.carry(t)
		return nil
	}
	var asked, answered []string
	for i := range 2 + choose(3) {
		for j := range 1 + choose(2) {
			ask, text := uint64(10*i+j+1), fmt.Sprintf("question %d.%d", i, j)
			var along []what.Media
			if asked = append(asked, "Reader: "+text); choose(2) == 0 {
				along = []what.Media{{Type: what.Image, Ref: "png", Name: "wet.png"}}
				asked[len(asked)-1] += "\n[Picture: wet.png]"
			}
			through(func() error { return r.hand(t, key, ask, text, along...) })
			if choose(2) == 0 {
				through(carry)
			}
		}
		through(carry)
		for j := range choose(3) {
			id := fmt.Sprintf("answer %d.%d", i, j)
			answered = append(answered, id)
			through(func() error {
				_, err := r.Hear(t.Context(), r.channel, &messengers.Incoming{ID: id, Posted: &pull.Posted{Below: r.office.tokens[:1], By: "ann", Proven: true, Whole: id}})
				return err
			})
		}
	}
	for range 3 {
		through(carry)
	}
	if got := r.office.texts("C1/1"); len(r.office.threads) != 1 || !slices.Equal(got, asked) {
		t.Fatalf("conversation %d, step %d: %q in %d threads, want %q", n, step, got, len(r.office.threads), asked)
	}
	if !slices.Equal(r.queue.order, answered) {
		t.Fatalf("conversation %d, step %d: %q arrived, want %q", n, step, r.queue.order, answered)
	}
	if kept, _, err := r.kept.Get(t.Context(), key); err != nil || len(kept.Held) != strings.Count(fmt.Sprint(asked), "wet.png") {
		t.Fatalf("conversation %d, step %d: %d files are held of %q: %v", n, step, len(kept.Held), asked, err)
	}
	return ended
}
