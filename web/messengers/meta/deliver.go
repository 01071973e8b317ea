package meta

import (
	"context"
	"errors"
	"sync"

	"keypull/web/messengers"
)

// Step is one request of those that a message takes.
type Step struct {
	Path string
	Body any
	// Instead is what is sent where the API refuses this: a picture that it can't
	// fetch, told as a link. Nil: nothing.
	Instead any
}

// Deliver makes the requests of a message in order and returns what the API calls
// the last. Those that were made before under the same key are not made again.
func (g *Graph) Deliver(ctx context.Context, key string, steps []Step) (id string, err error) {
	for i, step := range steps {
		if i < g.left.of(key) {
			continue
		}
		id, err = g.deliver(ctx, step.Path, step.Body)
		if step.Instead != nil && refusedFor(err) == messengers.Permanent {
			id, err = g.deliver(ctx, step.Path, step.Instead)
		}
		if err != nil {
			return "", g.Fault(err)
		}
		if i < len(steps)-1 {
			g.left.note(key, i+1)
		}
	}
	return id, nil
}

func refusedFor(err error) messengers.Fault {
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		return ""
	}
	return refusal.Fault()
}

func (g *Graph) deliver(ctx context.Context, path string, body any) (string, error) {
	var answer struct {
		Messages []struct {
			ID Word `json:"id"`
		} `json:"messages"`
		ID Word `json:"message_id"`
	}
	if err := g.Post(ctx, path, body, &answer); err != nil {
		return "", err
	}
	if len(answer.Messages) > 0 {
		answer.ID = answer.Messages[0].ID
	}
	if answer.ID == "" {
		return "", errUnclear
	}
	g.limits.Store(0)
	return string(answer.ID), nil
}

// maxLeft is how many messages are remembered of which a part has left.
const maxLeft = 256

// left are the messages of which a part has left, by their keys.
type left struct {
	mu    sync.Mutex
	parts map[string]int
	order []string
}

func (l *left) of(key string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.parts[key]
}

func (l *left) note(key string, parts int) {
	if key == "" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.parts == nil {
		l.parts = map[string]int{}
	}
	if _, known := l.parts[key]; !known {
		if len(l.order) == maxLeft {
			delete(l.parts, l.order[0])
			l.order = l.order[1:]
		}
		l.order = append(l.order, key)
	}
	l.parts[key] = parts
}

// Last is the body of the last of some requests.
func Last(steps []Step) []byte { return messengers.JSON(steps[len(steps)-1].Body) }

// Before are the bodies of those before the last.
func Before(steps []Step) [][]byte {
	var all [][]byte
	for _, s := range steps[:max(len(steps)-1, 0)] {
		all = append(all, messengers.JSON(s.Body))
	}
	return all
}
