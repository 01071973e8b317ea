package console

import (
	"context"
	"fmt"
	"slices"

	"keypull/pull/catalogue"
)

// PutBack saves a thing as it once was, its secrets in clear: a save like any other, judged as
// it stands today, in place of the version that the caller has seen. The thing keeps the id
// that it has. One that is not there is made again.
func (p Publishing) PutBack(ctx context.Context, n catalogue.Resource, publisher, id, version string, thing any) error {
	switch thing := thing.(type) {
	case catalogue.Publisher:
		return publishers{p}.putBack(ctx, id, version, thing)
	case catalogue.Source:
		// What stood once need not be there at this moment.
		return putBack(ctx, sources{p}.collection(), publisher, id, version, thing)
	case catalogue.Keyword:
		return putBack(ctx, keywords{p}.collection(), publisher, id, version, thing)
	case catalogue.Channel:
		return putBack(ctx, channels{p}.collection(), publisher, id, version, thing)
	}
	return fmt.Errorf("a %T is no %s", thing, n)
}

func putBack[T, E any](ctx context.Context, s collection[T, E], publisher, id, version string, thing T) error {
	pub, err := s.openPublisher(publisher)
	if err != nil {
		return err
	}
	d, err := docOf(&thing)
	if err != nil {
		return err
	}
	d = d.withField("id", id)
	// What leads to the thing today goes on leading to it.
	delete(d, formerly)
	if _, there := s.find(pub, id); !there {
		_, err = s.create(ctx, publisher, d)
		return err
	}
	_, err = s.update(ctx, publisher, id, version, d)
	return err
}

// putBack leaves the crisis text as it is: that goes up and down by itself alone.
func (p publishers) putBack(ctx context.Context, id, version string, was catalogue.Publisher) error {
	pub, err := publisherOf(p.Catalogue, id)
	if err != nil {
		return err
	}
	was.Crisis = pub.Crisis
	d, err := publisherDoc(&was)
	if err == nil {
		_, err = p.collection().update(ctx, id, id, version, d)
	}
	return err
}

// Edits returns the operation by which the things of a resource are changed.
func Edits(n catalogue.Resource) (*Declaration, bool) {
	all := []*Declaration{UpdatePublisher.Declaration, UpdateSource.Declaration, UpdateKeyword.Declaration, UpdateChannel.Declaration}
	i := slices.IndexFunc(all, func(d *Declaration) bool { return d.Name == string(n)+".update" })
	if i < 0 {
		return nil, false
	}
	return all[i], true
}
