// Package links is how readers get to a keyword: links into each messenger, codes
// for cameras, words for posters, a page that shows them all, a button and a frame
// for the outlet's own articles, oEmbed, and a flash briefing.
//
// Links are made by the messengers and answers by Pages.Answers; the package puts
// both on pages. Nothing here is a secret, and nothing is counted.
package links
