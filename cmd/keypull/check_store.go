package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/machine"
	"keypull/pull/catalogue"
	userfiles "keypull/pull/private"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/sealed"
	"keypull/web/console"
)

// checkStored finds what is wrong with what lies in the store: sources and channels that
// were set up in the console and cannot be opened, such as those whose secrets
// are lost, and keywords that can't answer. A store that is not there yet has no findings but that it
// can't be begun on this machine, which offline leaves out; the copy of a standby has none.
func checkStored(ctx context.Context, c *config.Config, offline bool) config.Findings {
	path := c.OwnPath()
	if f, err := lookAtStandby(ctx, c); err == nil && f != nil {
		return nil // it is the primary's
	}
	none := hasNoStore(c)
	if file := c.StorePath(); file != "" {
		info, err := os.Stat(file)
		none = err != nil || info.Size() == 0
	}
	if none {
		found := findOrphanedKeys(c, path)
		if !offline { // the file may be for another machine
			found = append(found, findUnwritable(c)...)
		}
		if len(c.Publishers) == 0 {
			found = append(found, c.Unpublished())
		}
		return found
	}
	k := &keptFindings{file: path, named: len(c.Publishers)}
	err := withOperations(ctx, c, true, refused, func(ctx context.Context) error { return k.publishers(ctx) })
	// One that another command holds for a moment has nothing amiss.
	if err != nil && !errors.Is(err, store.ErrInUse) {
		code := "store"
		if cli.CodeOf(err) == cli.Damaged {
			code = codeDamaged
		}
		k.found = append(k.found, config.NewFinding(path, code, words.Said(err)))
	}
	if err == nil && k.named == 0 {
		k.found = append(k.found, c.Unpublished())
	}
	return k.found
}

// codeDamaged is the finding of a store or keys that serve would refuse.
const codeDamaged = "damaged"

// findOrphanedKeys finds keys that had a store, where there is none.
func findOrphanedKeys(c *config.Config, path string) config.Findings {
	if !sealed.Orphaned(c.Secrets.KeyFile) {
		return nil
	}
	return config.Findings{config.NewFinding(path, codeDamaged, words.Text{Key: "check.orphaned", Args: words.Args{"keys": c.Secrets.KeyFile}})}
}

// findUnwritable finds that no file can be made where a store and its keys would be begun. Folders are made for
// the store alone.
func findUnwritable(c *config.Config) (found config.Findings) {
	for _, file := range []string{c.StorePath(), c.Secrets.KeyFile} {
		if file == "" {
			continue
		}
		at := file
		if file == c.StorePath() {
			at = missingFolderOf(file)
		}
		f, err := userfiles.Beside(at)
		if err == nil {
			_, _ = f.Close(), os.Remove(f.Name()) // it could be made
		}
		if wrong := new(fs.PathError); errors.As(err, &wrong) && strings.HasPrefix(wrong.Path, at) {
			wrong.Path = file
		}
		if err != nil {
			found = append(found, config.NewFinding(file, "store", words.Said(err)))
		}
	}
	return found
}

// missingFolderOf returns the outermost folder of a file that is not there yet, the file where all are.
func missingFolderOf(path string) string {
	for at := filepath.Dir(path); at != path; at = filepath.Dir(path) {
		if _, err := os.Stat(at); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		path = at
	}
	return path
}

// findUnheard finds that no server can listen at an address. One that another process has is not its fault.
func findUnheard(ctx context.Context, c *config.Config) config.Findings {
	err := tryAddress(ctx, c.Server.Listen)
	if err == nil || machine.Busy(err) {
		return nil
	}
	return config.Findings{c.Finding("server.listen", catalogue.Error, "listen", words.Said(err))}
}

// keptFindings are those about the store in a file.
type keptFindings struct {
	file  string
	found config.Findings
	// named counts the publishers of file and store.
	named int
}

// publishers goes through the publishers of the store; those of the file are
// asked by check itself.
func (k *keptFindings) publishers(ctx context.Context) error {
	return eachPage(ctx, console.ListPublishers, func(cursor string) console.PublisherList {
		return console.PublisherList{Page: console.Page{Cursor: cursor}}
	}, func(page console.PublisherListed) (next string, err error) {
		for _, p := range page.Publishers {
			if !p.Provisioned {
				k.named++
				err = errors.Join(err, k.sources(ctx, p.ID), k.channels(ctx, p.ID),
					k.keywords(ctx, p.ID, console.KeywordNever), k.keywords(ctx, p.ID, console.KeywordPartly))
			}
		}
		return page.Next, err
	})
}

func (k *keptFindings) sources(ctx context.Context, publisher string) error {
	return eachPage(ctx, console.ListSources, func(cursor string) console.SourceList {
		return console.SourceList{Of: console.Of{Publisher: publisher}, Page: console.Page{Cursor: cursor}}
	}, func(page console.SourceListed) (next string, err error) {
		for _, s := range page.Sources {
			k.addFinding(publisher+"/source/", s.Source, s.Health.State, s.Health.Error)
		}
		return page.Next, nil
	})
}

func (k *keptFindings) channels(ctx context.Context, publisher string) error {
	return eachPage(ctx, console.ListChannels, func(cursor string) console.ChannelList {
		return console.ChannelList{Of: console.Of{Publisher: publisher}, Page: console.Page{Cursor: cursor}}
	}, func(page console.ChannelListed) (next string, err error) {
		for _, c := range page.Channels {
			k.addFinding(publisher+"/channel/", c.Channel, c.State, c.Error)
		}
		return page.Next, nil
	})
}

// keywords notes what is found in those of a state, as far as it keeps them from
// answering. All else is for whoever edits them.
func (k *keptFindings) keywords(ctx context.Context, publisher string, state console.KeywordState) error {
	return eachPage(ctx, console.ListKeywords, func(cursor string) console.KeywordList {
		return console.KeywordList{Of: console.Of{Publisher: publisher}, Page: console.Page{Cursor: cursor}, State: string(state)}
	}, func(page console.KeywordListed) (next string, err error) {
		for _, e := range page.Keywords {
			id, _ := e.Keyword["id"].(string)
			for _, one := range e.Findings {
				if catalogue.AnswersBy([]catalogue.Finding{one}) == catalogue.Answers {
					continue
				}
				f := config.NewFinding(k.file, one.Code, words.Verbatim(one.Message))
				f.Path = publisher + "/keyword/" + id + "." + one.Path
				if one.Code != catalogue.CodeUnanswerable {
					f.Severity = one.Severity
				}
				k.found = append(k.found, f)
			}
		}
		return page.Next, nil
	})
}

// eachPage goes through a list, page by page.
func eachPage[In, Out any](ctx context.Context, list console.Operation[In, Out], at func(cursor string) In, f func(Out) (next string, err error)) error {
	for next := ""; ; {
		page, err := list.Call(ctx, at(next))
		if err != nil {
			return err
		}
		if next, err = f(page); err != nil || next == "" {
			return err
		}
	}
}

// addFinding keeps what cannot be opened.
func (k *keptFindings) addFinding(where string, doc console.Doc, state console.State, message string) {
	if state != console.Bad {
		return
	}
	id, _ := doc["id"].(string)
	// The console has said it in the language that was asked for.
	f := config.NewFinding(k.file, "cannot_open", words.Verbatim(message))
	f.Path = where + id
	k.found = append(k.found, f)
}
