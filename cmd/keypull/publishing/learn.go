package publishing

import (
	"context"
	"slices"
	"sync"
	"time"

	"keypull/pull"
)

const (
	// localTime is how long the server is not ready at most for vocabularies that
	// lie on its machine.
	localTime = 30 * time.Second
	// learnSoon and learnLate are the first and the longest pause before a
	// vocabulary that could not be had is asked for again.
	learnSoon, learnLate = time.Second, time.Minute
	// itemsTime is how long one message waits for what a source holds, where nothing
	// runs that brought it before.
	itemsTime = 5 * time.Second
)

// learning knows which vocabularies of this machine are being read.
type learning struct {
	mu sync.Mutex
	// began is when the first were, here those that have not been tried yet.
	began time.Time
	here  map[string]bool
}

// vocabularyRun is by what name the reading of a source's vocabulary runs.
func vocabularyRun(publisher, source string) string { return publisher + "/source/" + source + "/list" }

// runList reads a source's vocabulary where it is not known: until all of it is.
func (n runner) runList(ed *edition, id string) {
	publisher, name := ed.publisher.ID, vocabularyRun(ed.publisher.ID, id)
	if local, ok := ed.sources[id].Source.(pull.Local); ok && local.ReadsHere() {
		n.learning.wait(name, n.Clock())
	}
	n.runs.startRun(name, func(ctx context.Context) {
		for pause := learnSoon; ; pause = min(2*pause, learnLate) {
			err := n.learnVocabulary(ctx, publisher, id)
			n.learning.tried(name)
			if err != nil && ctx.Err() == nil {
				n.Logger.Warn("a source could not be fetched ahead", "publisher", publisher, "source", id, "error", err)
			}
			if !n.lacksVocabulary(ctx, publisher, id) {
				return
			}
			if pull.Sleep(ctx, pause); ctx.Err() != nil {
				return
			}
		}
	})
}

// learnVocabulary reads what a source is known to answer, and goes on while that brings more.
func (n runner) learnVocabulary(ctx context.Context, publisher, source string) error {
	for read := -1; ; {
		e := n.Edition(publisher)
		if e == nil {
			return nil
		}
		if err := n.Resolver.Learn(ctx, e, source); err != nil {
			return err
		}
		n.vocabularyRead(publisher, source)
		lacking := n.unreadSources(ctx, publisher)
		i := slices.IndexFunc(lacking, func(u pull.Unread) bool { return u.Source == source })
		if i < 0 || lacking[i].Read <= read {
			return nil
		}
		read = lacking[i].Read
	}
}

// vocabularyRead takes over what was read of a source's vocabulary.
func (n *Publishers) vocabularyRead(publisher, source string) {
	if ed := n.currentEdition(publisher); ed != nil {
		s := ed.sources[source]
		if place, ok := s.VocabularyPlace(publisher, source, ed.publisher.Languages); ok {
			n.Changed(place)
		}
	}
}

// unreadSources returns the vocabularies of a publisher that are not all there.
func (n *Publishers) unreadSources(ctx context.Context, publisher string) []pull.Unread {
	e := n.Edition(publisher)
	if e == nil {
		return nil
	}
	return n.Resolver.Unread(ctx, e)
}

func (n *Publishers) lacksVocabulary(ctx context.Context, publisher, source string) bool {
	return slices.ContainsFunc(n.unreadSources(ctx, publisher), func(u pull.Unread) bool { return u.Source == source })
}

// Learn reads what readers are understood by, as far as a message needs it, where
// nothing runs that does: each source for as long as a reader would wait for it.
func (n *Publishers) Learn(ctx context.Context, publisher, text string) {
	e := n.Edition(publisher)
	if e == nil || n.runs.hasRuns() {
		return
	}
	var reading sync.WaitGroup
	for _, u := range n.Resolver.Wanting(ctx, e, text) {
		reading.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, u.Wait)
			defer cancel()
			pull.KeepRunning(ctx, n.Logger, "learn what a source answers", func(ctx context.Context) {
				// What can't be had is told by the answer.
				_ = runner{n}.learnVocabulary(ctx, publisher, u.Source)
			})
		})
	}
	reading.Wait()
	n.learnItems(ctx, e, text)
}

// learnItems brings what sources hold, where a message runs no keyword for sure.
func (n *Publishers) learnItems(ctx context.Context, e *pull.Edition, text string) {
	if n.Items == nil || e.Runs(text) {
		return
	}
	var reading sync.WaitGroup
	sources := map[string]bool{}
	for _, p := range e.Findable() {
		if sources[p.Source] || n.Cache.Last(ctx, p) != nil {
			continue
		}
		sources[p.Source] = true
		reading.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, itemsTime)
			defer cancel()
			pull.KeepRunning(ctx, n.Logger, "bring what a source holds", func(ctx context.Context) { runner{n}.ahead(ctx, e.ID, p.Source, n.Resolver.Warm) })
		})
	}
	reading.Wait()
	if err := n.Items.Flush(ctx, e.ID); err != nil {
		n.Logger.Warn("what sources hold can't be found", "publisher", e.ID, "error", err)
	}
}

// Knows reports whether the vocabularies that lie on this machine have been read,
// or waited for long enough.
func (n *Publishers) Knows() bool {
	n.learning.mu.Lock()
	defer n.learning.mu.Unlock()
	return len(n.learning.here) == 0 || n.Clock().Sub(n.learning.began) > localTime
}

// wait notes a vocabulary of this machine that is to be read.
func (l *learning) wait(name string, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.here == nil {
		l.here, l.began = map[string]bool{}, now
	}
	l.here[name] = true
}

// tried notes that it was read, or could not be.
func (l *learning) tried(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.here, name)
}
