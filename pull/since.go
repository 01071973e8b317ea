package pull

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strconv"

	"keypull/pull/what"
	"keypull/pull/when"
	"keypull/pull/who"
	"keypull/pull/words"
)

// factPrice is the fact of which it is told by how much it has changed.
const factPrice = "price"

// contentMark stands for what items tell. Their times are left out: what is confirmed has
// not changed.
func contentMark(items []what.Item) string {
	var told []byte
	note := func(texts ...string) {
		for _, s := range texts {
			told = binary.BigEndian.AppendUint32(told, uint32(len(s))) //nolint:gosec // a text of an item
			told = append(told, s...)
		}
	}
	for i := range items {
		it := &items[i]
		note(it.ID, it.Title, it.Summary, it.Body)
		for _, f := range it.Facts {
			note(f.Name, f.Text)
			note(f.List...)
		}
	}
	const bytes = 6
	sum := sha256.Sum256(told)
	return base64.RawURLEncoding.EncodeToString(sum[:bytes])
}

// rememberPull writes down what was answered, and returns what was told of it the last time,
// as far as that is known. What stands for its content is written down for a keyword that
// tells what has changed, and for a word that is kept. A place that was sent is not written down.
func (w answering) rememberPull(k *keyword, argument string, items []what.Item) (before who.Pull) {
	if w.ask.isShared(argument) {
		argument = ""
	}
	p := who.Pull{Keyword: k.ID, Argument: shortenText(argument, 60), At: who.PullMoment(w.ask.At), Items: itemMarks(items), Language: w.language}
	if i := slices.IndexFunc(w.reader.Recent, func(o who.Pull) bool { return o.Keyword == p.Keyword && o.Argument == p.Argument }); i >= 0 {
		before = w.reader.Recent[i]
	}
	following := w.isFollowing() || len(items) == 0
	if saved := w.savedAbout(k, argument); !following && (k.Since || len(saved) > 0) {
		mark := contentMark(items)
		if k.Since {
			p.Mark = mark
			if len(items) == 1 {
				p.Fact = clipRunes(items[0].Facts.Text(factPrice), labelRunes)
			}
		}
		if changed := func(i int) bool { return w.reader.Saved[i].Mark != mark }; w.dated || slices.ContainsFunc(saved, changed) {
			w.reader = w.reader.Pulled(saved, mark, w.ask.At)
		}
	}
	if following {
		p = before.FollowedBy(p)
	}
	if w.reader = w.reader.Remember(p); w.from != nil {
		w.reader.Recent[0].Times = max(before.Times, 1) // it is the same pull that goes on
	}
	return before
}

// isFollowing reports whether an answer is a part of the one before it, goes on in it, or has
// another number of its entries.
func (w answering) isFollowing() bool { return w.from != nil || w.item != "" || w.count > 0 }

// addSince says in one line what has changed since the reader asked last: behind the main
// fact, or below a list.
func (w answering) addSince(reply *Reply, k *keyword, before who.Pull, items []what.Item) {
	if !k.Since || before.Mark == "" || w.isFollowing() || w.channel.Proxy {
		return
	}
	line := Block{Kind: Note, Own: true, Tight: true, Text: w.sinceText(before, w.reader.Recent[0], items)}
	at := min(1, len(reply.Blocks))
	if len(items) > 1 {
		for at = len(reply.Blocks); at > 0 && reply.Blocks[at-1].Kind == Stamp; at-- {
			line.Tight = false
		}
		line.Tight = false
	}
	reply.Blocks = slices.Insert(reply.Blocks, at, line)
}

// sinceText words what has changed between two answers.
func (w answering) sinceText(before, now who.Pull, items []what.Item) string {
	asked := before.LastAsked()
	moment := when.Moment(asked.At, w.ask.At, w.zone, w.language)
	if before.Mark == now.Mark {
		return w.local.textOf(wordSinceUnchanged, "moment", moment)
	}
	if change, ok := w.priceChange(before.Fact, now.Fact); ok && len(items) == 1 {
		return w.local.textOf(wordSinceChange, "change", change, "moment", moment)
	}
	fresh := 0
	for _, id := range now.Items {
		if !slices.Contains(asked.Items, id) {
			fresh++
		}
	}
	if fresh > 0 {
		return w.local.textOf(wordSinceNew, "n", fresh, "moment", moment)
	}
	return w.local.textOf(wordSinceUpdated, "moment", moment)
}

// priceChange returns by how many per cent a price has changed, with its sign; false where
// it has not, or where there was none.
func (w answering) priceChange(before, now string) (string, bool) {
	was, err := strconv.ParseFloat(before, 64)
	is, err2 := strconv.ParseFloat(now, 64)
	if err != nil || err2 != nil || was <= 0 || is == was {
		return "", false
	}
	const small = 0.1
	percent, digits := (is-was)/was*100, 1
	if percent < small && percent > -small {
		digits = 3
	}
	text := strconv.FormatFloat(percent, 'f', digits, 64)
	if percent > 0 {
		return "+" + words.Number(w.language, text), true
	}
	return words.Number(w.language, text), true
}
