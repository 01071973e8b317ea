package messengers

import (
	"slices"
	"strings"
)

// programs are parts of the names of programs that show what links lead to, look whether that
// is safe, or gather pages. Platforms whose programs have none of these say so (Kind.Agents).
var programs = strings.Fields("bot preview externalhit crawler spider poker imgproxy snippet embedly iframely vkshare mastodon pleroma google-read safebrowsing linkcheck barracuda mimecast proofpoint")

// phones are makers of telephones whose names have such a part.
var phones = strings.NewReplacer("cubot", "")

// Previews reports whether a program by that name shows people what links lead to, or
// gathers pages: what is done once, by who follows a link, it must not use up.
func Previews(agent string) bool {
	agent = phones.Replace(strings.ToLower(agent))
	return slices.ContainsFunc(programs, func(name string) bool { return strings.Contains(agent, name) })
}
