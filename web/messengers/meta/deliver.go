package meta

import (
	"context"

	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
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
		if i < g.left.Get(key) {
			continue
		}
		id, err = g.deliver(ctx, step.Path, step.Body)
		if step.Instead != nil && refusedFor(err) == messengers.Permanent {
			id, err = g.deliver(ctx, step.Path, step.Instead)
		}
		if err != nil {
			return "", g.SendError(err)
		}
		if i < len(steps)-1 && key != "" {
			g.left.Put(key, i+1)
		}
	}
	return id, nil
}

// refusedFor is why the API refuses a call; "" if it does not.
func refusedFor(err error) messengers.Fault {
	if no, refused := httpapi.Refused(err); refused {
		return no.Fault.Means
	}
	return ""
}

func (g *Graph) deliver(ctx context.Context, path string, body any) (string, error) {
	var answer struct {
		Messages []struct{ ID Word }
		ID       Word `json:"message_id"`
	}
	if err := g.Post(ctx, path, body, &answer); err != nil {
		return "", err
	}
	if len(answer.Messages) > 0 {
		answer.ID = answer.Messages[0].ID
	}
	if answer.ID == "" {
		return "", g.Unclear()
	}
	g.limits.Store(0)
	return string(answer.ID), nil
}

// Last returns the body of the last of some requests.
func Last(steps []Step) []byte { return messengers.JSON(steps[len(steps)-1].Body) }

// Before returns the bodies of those before the last.
func Before(steps []Step) [][]byte {
	var all [][]byte
	for _, s := range steps[:max(len(steps)-1, 0)] {
		all = append(all, messengers.JSON(s.Body))
	}
	return all
}
