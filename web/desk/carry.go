package desk

import (
	"cmp"
	"context"
	"encoding/base32"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/talk"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// carryWithin is how long the carrying of one post may take.
const carryWithin = 30 * time.Second

// carryAll carries what waits for bridges, a publisher beside the other.
func (d *Desk) carryAll(ctx context.Context) {
	waiting := map[string][]talk.Head{}
	d.mu.Lock()
	for _, h := range d.heads {
		if h.Uncarried {
			waiting[h.Publisher()] = append(waiting[h.Publisher()], *h)
		}
	}
	d.mu.Unlock()
	farewells, err := d.Talks.Farewells(ctx)
	if err != nil {
		d.Logger.Warn("threads of erased conversations can't be read; trying again", "error", err)
	}
	for i := range farewells {
		if of := farewells[i].Publisher; waiting[of] == nil {
			waiting[of] = []talk.Head{}
		}
	}
	for publisher, heads := range waiting {
		b := d.bridgeOf(publisher)
		if b == nil || b.problem != nil || !b.begin(d.Clock()) {
			continue
		}
		d.carrying.Go(func() {
			var failed error
			defer func() { b.end(d.Clock(), failed) }()
			defer pull.Caught("carry conversations", &failed)
			failed = d.carryOf(ctx, b, heads, farewells)
		})
	}
}

// carryOf carries what waits for one bridge: conversations in the order in which their last lines
// came, and the last words to threads of erased ones.
func (d *Desk) carryOf(ctx context.Context, b *openBridge, heads []talk.Head, farewells []talk.Farewell) (failed error) {
	slices.SortFunc(heads, func(a, b talk.Head) int { return cmp.Or(a.Last.Compare(b.Last), cmp.Compare(a.Reader, b.Reader)) })
	for i := range heads {
		err := d.carryTalk(ctx, b, heads[i].Reader)
		if failed = cmp.Or(failed, err); err != nil && !isPermanent(err) {
			return failed
		}
	}
	for _, f := range farewells {
		if f.Publisher != b.publisher {
			continue
		}
		if err := d.carryFarewell(ctx, b, f); err != nil {
			return cmp.Or(failed, err)
		}
	}
	return failed
}

// isPermanent reports whether an error is about one post alone.
func isPermanent(err error) bool {
	var e *messengers.SendError
	return errors.As(err, &e) && e.Fault == messengers.Permanent
}

// openPassage returns the passage of a conversation to a bridge; false where it has none that
// counts.
func (d *Desk) openPassage(publisher string, at *talk.Bridged, bridge string) (p talk.Passage, ok bool) {
	if at == nil {
		return p, false
	}
	plain, err := d.Vault.Unseal(talk.SealedFor(publisher), at.Sealed)
	ok = err == nil && json.Unmarshal(plain, &p) == nil && p.Bridge == bridge
	return p, ok
}

// sealPassage returns how a conversation stands at a bridge from a moment on.
func (d *Desk) sealPassage(publisher string, p talk.Passage, at time.Time) *talk.Bridged {
	// It is made of texts, which always have a form in JSON.
	plain, _ := json.Marshal(p)
	as := &talk.Bridged{Marks: []string{talk.Fingerprint(p.Token)}, Until: at.Add(talk.Answerable), Sealed: d.Vault.Seal(talk.SealedFor(publisher), plain)}
	if p.Thread != "" {
		as.Marks = append(as.Marks, talk.Fingerprint(p.Thread))
	}
	return as
}

// tokenBytes are 128 bits.
const tokenBytes = 16

var tokenSigns = base32.StdEncoding.WithPadding(base32.NoPadding)

// newToken returns a word that nobody can guess; "" where there is no randomness.
func (d *Desk) newToken() string {
	random := make([]byte, tokenBytes)
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err := io.ReadFull(d.Random, random); err != nil {
		return ""
	}
	return strings.ToLower(tokenSigns.EncodeToString(random))
}

// newPassage returns a passage that nobody can guess.
func (d *Desk) newPassage(bridge string) (talk.Passage, error) {
	const name = 4
	p := talk.Passage{Bridge: bridge, Token: d.newToken()}
	if p.Token == "" {
		return p, errors.New("no token can be drawn")
	}
	// The name tells nothing of the token.
	p.Name = strings.ToUpper(talk.Fingerprint("name/" + p.Token)[:name])
	return p, nil
}

// bridgeMark returns what tells a bridge from another.
func bridgeMark(settings []byte) string {
	const signs = 16
	return talk.Fingerprint(string(settings))[:signs]
}

// carryTalk carries what of one conversation waits, line by line. Each is marked once the bridge
// has it; what is carried again after that could not be written has the same key.
func (d *Desk) carryTalk(ctx context.Context, b *openBridge, key who.Key) error {
	for ctx.Err() == nil {
		t, _, err := d.Talks.Get(ctx, key)
		if pull.KindOf(err) == pull.Unknown {
			d.Forget(key)
			return nil
		}
		if err != nil {
			return err
		}
		numbers, lines := nextPost(&t)
		if len(numbers) == 0 {
			return nil
		}
		p, ok := d.openPassage(b.publisher, t.Bridged, b.mark)
		if !ok || !d.Clock().Before(t.Bridged.Until) {
			if p, err = d.newPassage(b.mark); err != nil {
				return err
			}
			// It counts from before anybody can have seen it.
			if err := d.markCarried(ctx, key, nil, d.sealPassage(b.publisher, p, d.Clock())); err != nil {
				return err
			}
		}
		post := Post{Token: p.Token, Thread: p.Thread, Key: messengers.StaffKey + p.Token + "-" + keyOfLine(&lines[0])}
		if err := d.compose(ctx, &post, &t, p.Name, lines); err != nil {
			return err
		}
		within, cancel := context.WithTimeout(ctx, carryWithin)
		thread, err := b.Carry(within, post)
		cancel()
		if err != nil {
			return err //nolint:wrapcheck // it says what to do
		}
		p.Thread = cmp.Or(thread, p.Thread)
		if err := d.markCarried(ctx, key, numbers, d.sealPassage(b.publisher, p, d.Clock())); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// markCarried notes how a conversation stands at its bridge. One that has been erased meanwhile
// leaves its thread to be told so.
func (d *Desk) markCarried(ctx context.Context, key who.Key, numbers []int, as *talk.Bridged) error {
	defer d.lockTalk(key)()
	ctx = context.WithoutCancel(ctx)
	_, err := d.changeTalk(ctx, key, false, func(t *talk.Talk) (bool, error) {
		t.Carried(numbers, as)
		return true, nil
	})
	if pull.KindOf(err) != pull.Unknown {
		return err
	}
	d.Forget(key)
	if len(numbers) == 0 {
		return err
	}
	publisher := (&talk.Head{Reader: key}).Publisher()
	return d.Talks.KeepFarewell(ctx, talk.Farewell{Publisher: publisher, ID: as.Marks[0], At: d.Clock(), Sealed: as.Sealed})
}

// nextPost returns the lines that are carried next, in one post: what the reader wrote, with what
// the service answered to it.
func nextPost(t *talk.Talk) (numbers []int, lines []talk.Line) {
	for i := range t.Said {
		l := t.Said[i]
		switch {
		case !l.Uncarried:
		case l.Incomplete():
			return numbers, lines
		case len(lines) == 0, l.From == talk.Bot && l.Ask == lines[0].Ask && lines[0].From == talk.Reader:
			numbers, lines = append(numbers, l.Number), append(lines, l)
			continue
		}
		if len(lines) > 0 {
			break
		}
	}
	return numbers, lines
}

// keyOfLine returns what a line is called, also where it was written down anew.
func keyOfLine(l *talk.Line) string {
	if l.Ask != 0 {
		return "a" + strconv.FormatUint(l.Ask, 10)
	}
	return strconv.Itoa(l.Number)
}

// compose words a post.
func (d *Desk) compose(ctx context.Context, p *Post, t *talk.Talk, name string, lines []talk.Line) error {
	pub := d.Catalogue.Publisher(t.Publisher())
	if pub == nil {
		return NoConversation()
	}
	p.Language = languageOf(pub)
	say := func(key string, args words.Args) string { return words.Text{Key: key, Args: args}.In(p.Language) }
	p.Title = say("bridge.title", words.Args{"publisher": pub.Name, "name": name})
	var parts []string
	if p.Thread == "" {
		context, err := d.contextOf(ctx, t, pub, lines[0].Number, say)
		if err != nil {
			return err
		}
		parts = context
	}
	for i := range lines {
		parts = append(parts, lineOf(&lines[i], say))
		for n := range lines[i].Files {
			if f := &lines[i].Files[n]; f.There() && lines[i].From != talk.Note {
				p.Files = append(p.Files, d.fileOf(t, f))
			}
		}
	}
	p.Text = strings.Join(parts, "\n\n")
	return nil
}

// lineOf words what somebody said.
func lineOf(l *talk.Line, say func(string, words.Args) string) string {
	who := say("desk.from_"+string(l.From), nil)
	if l.By != "" {
		who = say("desk.by", words.Args{"from": who, "name": l.By})
	}
	var said []string
	if l.Began != "" {
		said = append(said, say("desk.began_"+string(l.Began), nil))
	}
	if l.Text != "" {
		said = append(said, l.Text)
	}
	for i := range l.Files {
		said = append(said, textOfFile(&l.Files[i], say))
	}
	for _, a := range l.Attached {
		said = append(said, say("bridge.attached", words.Args{"what": say("desk.attached_"+string(a), nil)}))
	}
	return say("bridge.line", words.Args{"who": who, "text": strings.Join(said, "\n")})
}

// contextOf says at the beginning of a thread what it is about and how to answer: nothing of it
// tells who the reader is.
func (d *Desk) contextOf(ctx context.Context, t *talk.Talk, pub *catalogue.Setup, first int, say func(string, words.Args) string) ([]string, error) {
	reader, _, err := d.Readers.Reader(ctx, t.Reader)
	if err != nil {
		return nil, err //nolint:wrapcheck // the store says what it is
	}
	language := say("language."+words.Base(t.Language), nil)
	parts := []string{say("bridge.opens", words.Args{"channel": d.channelNow(&t.Head), "language": language})}
	before, err := d.askedBefore(ctx, t, &reader, languageOf(pub))
	if err != nil {
		return nil, err
	}
	var asked []string
	for _, a := range before {
		asked = append(asked, say("bridge.asked", words.Args{"asked": a.Asked, "answer": shorten(a.Answer)}))
	}
	for i := range t.Said {
		if l := &t.Said[i]; l.Number < first && (l.From == talk.Reader || l.From == talk.Staff) {
			asked = append(asked, lineOf(l, say))
		}
	}
	if asked = asked[max(len(asked)-mostBefore, 0):]; len(asked) > 0 {
		parts = append(parts, say("desk.before", nil)+":\n"+strings.Join(asked, "\n"))
	}
	how := say("bridge.how", words.Args{"word": say("bridge.release", nil)})
	if until, _ := d.mayWrite(t, &reader); !until.IsZero() {
		how += " " + say("bridge.until", words.Args{"moment": until.In(zoneOf(pub)).Format("2006-01-02 15:04")})
	}
	return append(parts, how), nil
}

// shorten returns the beginning of an answer, in one line.
func shorten(text string) string {
	const most = 160
	text = strings.Join(strings.Fields(text), " ")
	return messengers.Short(text, most)
}

// languageOf returns the language in which people of a publisher are written to.
func languageOf(pub *catalogue.Setup) string {
	if len(pub.Languages) > 0 {
		return pub.Languages[0]
	}
	return "en"
}

func zoneOf(pub *catalogue.Setup) *time.Location {
	zone, err := time.LoadLocation(pub.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// carryFarewell tells a thread that the reader wants nothing of it to be left.
func (d *Desk) carryFarewell(ctx context.Context, b *openBridge, f talk.Farewell) error {
	p, ok := d.openPassage(f.Publisher, &talk.Bridged{Sealed: f.Sealed}, b.mark)
	pub := d.Catalogue.Publisher(f.Publisher)
	if ok && p.Thread != "" && pub != nil {
		post := Post{Token: p.Token, Thread: p.Thread, Key: messengers.StaffKey + p.Token + "-end", Language: languageOf(pub)}
		post.Title = words.Text{Key: "bridge.title", Args: words.Args{"publisher": pub.Name, "name": p.Name}}.In(post.Language)
		post.Text = words.Text{Key: "bridge.forgotten"}.In(post.Language)
		within, cancel := context.WithTimeout(ctx, carryWithin)
		defer cancel()
		if _, err := b.Carry(within, post); err != nil && !isPermanent(err) {
			return err //nolint:wrapcheck // it says what to do
		}
	}
	return d.Talks.DropFarewell(ctx, f)
}
