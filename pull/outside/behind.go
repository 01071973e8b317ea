package outside

import "context"

type behindMark struct{}

// Behind marks the requests of a context as ones that no reader waits for: a
// crawl, or a refresh ahead of demand. A host gets few of them at a time.
func Behind(ctx context.Context) context.Context {
	return context.WithValue(ctx, behindMark{}, true)
}

// behind reports whether nobody waits for the requests of a context.
func behind(ctx context.Context) bool {
	marked, _ := ctx.Value(behindMark{}).(bool)
	return marked
}
