package outside

import "context"

// Errand says for whom requests are made, and who is told of them. The client hands
// it down by argument. On its way to the client the context carries it, as one value:
// sources stand in between, which others write, and which pass on nothing but the
// context of Fetch.
type Errand struct {
	// Asker is who the requests are for: a source of a publisher, say. Where many
	// requests wait for places at one host, askers take turns, so that one with
	// hundreds of requests holds up none with a single one.
	Asker string
	// Background requests are those that no reader waits for: a crawl, or a refresh
	// ahead of demand. A host gets few of them at a time.
	Background bool
	// Waiting, where set, is told when a request begins to wait for a place at its
	// host, and when it has got it: that time is none of upstream's. It is told of
	// Pause too, and then answered is true, and of no background request. Calls may
	// overlap where requests do.
	Waiting func(waiting, answered bool)
	// Computing, where set, notes what is computed of a response.
	Computing Noting
	// Bodies, where set, holds large bodies until they are released; otherwise they
	// count only while they are read.
	Bodies *HeldBodies

	exchanges *recorder
}

type errandKey struct{}

// WithErrand returns a context whose requests are made for e.
func WithErrand(ctx context.Context, e Errand) context.Context {
	return context.WithValue(ctx, errandKey{}, e)
}

// ErrandOf returns the errand of a context, which is zero if it has none.
func ErrandOf(ctx context.Context) Errand {
	e, _ := ctx.Value(errandKey{}).(Errand)
	return e
}

// InBackground returns a context whose requests no reader waits for.
func InBackground(ctx context.Context) context.Context {
	e := ErrandOf(ctx)
	e.Background = true
	return WithErrand(ctx, e)
}

// Pause says that what upstream has answered waits for something of ours, such as a
// place in a pool, until resume is called.
func (e Errand) Pause() (resume func()) {
	e.tellWaiting(true, true)
	return func() { e.tellWaiting(false, true) }
}

// NoteComputing notes that a response is being computed with until over is called.
func (e Errand) NoteComputing() (over func()) {
	if e.Computing == nil {
		return func() {}
	}
	return e.Computing()
}

func (e Errand) tellWaiting(waiting, answered bool) {
	if e.Waiting != nil && !e.Background {
		e.Waiting(waiting, answered)
	}
}
