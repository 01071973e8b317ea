// Package archive is the source kind for what an outlet has published: its
// articles, gathered from feeds, a sitemap or saved files, and indexed on disk.
// A question is answered by one paragraph, quoted word for word, or refused.
//
// How a passage is found is told in package passage. What is gathered stands in
// the source's own folder, holds nothing that could not be gathered anew, and
// goes on where it was after a restart.
package archive
