package messengers

import (
	"slices"
	"strings"
)

// Previews reports whether a program by that name shows people what links lead to, or
// gathers pages: what is done once, by who follows a link, it must not use up.
func Previews(agent string) bool {
	agent = strings.ToLower(agent)
	return slices.ContainsFunc([]string{"bot", "preview", "externalhit", "crawler", "spider", "poker"}, func(name string) bool { return strings.Contains(agent, name) })
}
