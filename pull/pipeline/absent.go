package pipeline

import (
	"time"

	"keypull/pull"
	"keypull/pull/words"
)

// lookAgain is how often a publisher or channel that is not there is looked for.
const lookAgain = time.Second

// there says that an ask can be answered: its publisher and its channel are open.
func (l *base) there(publisher, channel string) bool {
	return l.Editions.Edition(publisher) != nil && l.Courier.Has(publisher, channel)
}

// shelveEntry puts an entry back into its line, which waits until publisher and channel
// are there again, as they are when what keeps them from being opened is mended.
func (l *Pipeline) shelveEntry(n *line, e *pull.Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n.entries = append([]*pull.Entry{e}, n.entries...)
	n.absent, n.since = true, l.notAfterNow(e.At)
	l.occupyRoom(l.boxOf(&e.Ask), -len(n.entries))
	l.inHand -= len(n.entries)
	l.absent = append(l.absent, n)
	if len(l.absent) == 1 && l.working.Err() == nil {
		l.Logger.Warn("asks wait for a publisher or channel that is not open", "publisher", e.Publisher, "channel", e.Channel)
		l.steadily("look for what is not there", l.awaitAbsent)
	}
}

// awaitAbsent takes up the lines whose publisher and channel are there again, until
// none waits.
func (l *Pipeline) awaitAbsent() {
	for {
		pause(l.claiming, lookAgain)
		if l.claiming.Err() != nil || l.takeUpAbsent() {
			return
		}
	}
}

// takeUpAbsent looks through the lines that wait once; true where none waits any more.
func (l *Pipeline) takeUpAbsent() bool {
	l.mu.Lock()
	lines := l.absent
	l.absent = nil
	open := map[string]bool{}
	for _, n := range lines {
		id := n.publisher + "/" + n.channel
		if there, looked := open[id]; looked && !there {
			continue
		}
		l.mu.Unlock()
		open[id] = l.there(n.publisher, n.channel)
		l.mu.Lock()
	}
	var over []*line
	for _, n := range lines {
		switch {
		case len(n.entries) > 0 && l.Clock().Sub(n.since) > l.Send.Keep:
			over = append(over, n)
		case open[n.publisher+"/"+n.channel]:
			l.takeUpLine(n)
		case len(n.entries) > 0:
			l.absent = append(l.absent, n)
		default:
			n.absent = false
			l.leaveLine(n)
		}
	}
	none := len(l.absent) == 0
	l.mu.Unlock()
	for _, n := range over {
		l.lapseLine(n)
	}
	return none
}

// takeUpLine has the asks of a line answered.
func (l *backlog) takeUpLine(n *line) {
	n.absent = false
	l.occupyRoom(l.box(n.publisher, n.channel), len(n.entries))
	l.inHand += len(n.entries)
	l.wakeLine(n)
}

// lapseLine ends asks that have waited for longer than answers are kept.
func (l *Pipeline) lapseLine(n *line) {
	l.mu.Lock()
	n.absent = false
	entries := n.entries
	n.entries = nil
	l.leaveLine(n)
	l.mu.Unlock()
	for _, e := range entries {
		l.finishAsk(n, Finish{Ask: e.Ask, Fate: Dead, Why: words.Text{Key: "dead.absent", Args: words.Args{"keep": l.Send.Keep.String()}}})
	}
}
