package webchat

import "time"

// Preview returns a chat that nobody can reach, to show what a message would
// look like.
func Preview() *Chat {
	return &Chat{clock: time.Now, hub: newHub(time.Now), limiter: newLimiter(), budgets: newBudgets(usual())}
}

// icon is two balloons of speech.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="currentColor" d="M4 3h12a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H9l-4 4v-4H4a2 2 0 0 1-2-2V5c0-1.1.9-2 2-2zm16 6a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2h-1v3l-3-3h-5l2.5-4H18a2 2 0 0 0 2-2z"/></svg>`
