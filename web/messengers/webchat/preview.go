package webchat

import "time"

// Preview returns a chat that nobody can reach, to show what a message would
// look like.
func Preview() *Chat {
	return &Chat{clock: time.Now, hub: newHub(time.Now), limiter: newLimiter(), budgets: newBudgets(usual())}
}
