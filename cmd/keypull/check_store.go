package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"keypull/pull/catalogue"
	"keypull/store"
	"keypull/store/sealed"
	"keypull/web/console"
)

// kept finds what is wrong with what lies in the store: sources and channels that
// were set up in the console and cannot be opened, such as those whose secrets
// are lost. A store that is not there yet has no findings.
func (c *Config) kept(ctx context.Context) findings {
	path := (&house{config: c}).storePath()
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return c.orphaned(path)
	}
	var found findings
	err := operate(ctx, c, true, func(d console.Doer) error {
		return eachPublisher(ctx, d, func(publisher string) error {
			return errors.Join(
				found.sources(ctx, d, path, publisher), found.channels(ctx, d, path, publisher))
		})
	})
	// One that another command holds for a moment has nothing amiss.
	if err != nil && !errors.Is(err, store.ErrInUse) {
		code := "store"
		if exitCode(err) == exitDamaged {
			code = codeDamaged
		}
		found = append(found, finding{File: path, Severity: catalogue.Error, Code: code, Message: err.Error()})
	}
	return found
}

// codeDamaged is the finding of a store or keys that serve would refuse.
const codeDamaged = "damaged"

// orphaned finds keys that had a store, where there is none.
func (c *Config) orphaned(path string) findings {
	if !sealed.Orphaned(c.Secrets.KeyFile) {
		return nil
	}
	return findings{{File: path, Severity: catalogue.Error, Code: codeDamaged,
		Message: fmt.Sprintf("The store is missing or empty, and the keys %s had one: put it back from a backup, or run serve with --start-anew.", c.Secrets.KeyFile)}}
}

// eachPublisher goes through the publishers of the store; those of the file are
// asked by check itself.
func eachPublisher(ctx context.Context, d console.Doer, f func(publisher string) error) error {
	for next := ""; ; {
		in := console.PublisherList{Page: console.Page{Cursor: next}}
		page, err := console.Call[console.PublisherList, console.PublisherListed](ctx, d, "publisher.list", in)
		if err != nil {
			return err
		}
		for _, p := range page.Publishers {
			if p.Provisioned {
				continue
			}
			if err := f(p.ID); err != nil {
				return err
			}
		}
		if next = page.Next; next == "" {
			return nil
		}
	}
}

func (fs *findings) sources(ctx context.Context, d console.Doer, file, publisher string) error {
	for next := ""; ; {
		in := console.SourceList{Of: console.Of{Publisher: publisher}, Page: console.Page{Cursor: next}}
		page, err := console.Call[console.SourceList, console.SourceListed](ctx, d, "source.list", in)
		if err != nil {
			return err
		}
		for _, s := range page.Sources {
			if s.Health.State == console.Bad {
				fs.broken(file, publisher+"/source/"+idOf(s.Source), s.Health.Error)
			}
		}
		if next = page.Next; next == "" {
			return nil
		}
	}
}

func (fs *findings) channels(ctx context.Context, d console.Doer, file, publisher string) error {
	for next := ""; ; {
		in := console.ChannelList{Of: console.Of{Publisher: publisher}, Page: console.Page{Cursor: next}}
		page, err := console.Call[console.ChannelList, console.ChannelListed](ctx, d, "channel.list", in)
		if err != nil {
			return err
		}
		for _, c := range page.Channels {
			if c.State == console.Bad {
				fs.broken(file, publisher+"/channel/"+idOf(c.Channel), c.Error)
			}
		}
		if next = page.Next; next == "" {
			return nil
		}
	}
}

func (fs *findings) broken(file, what, message string) {
	*fs = append(*fs, finding{File: file, Path: what, Severity: catalogue.Error, Code: "cannot_open", Message: message})
}

func idOf(doc console.Doc) string {
	id, _ := doc["id"].(string)
	return id
}
