package recipe

import (
	"embed"
	"path/filepath"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/fulltext"
)

// Kind is the plug-in.
var Kind = sources.Kind{
	Name:         "recipe",
	StaleIfError: 7 * 24 * time.Hour,
	Words:        own,
	Files:        files,
	New:          func() sources.Opener { return &Settings{} },
}

// Settings configure where the recipes are; exactly one of them is given.
type Settings struct {
	URLs    []string `name:"urls" label:"Pages" help:"The addresses of the recipes' pages." check:"url,max=2000" example:"https://example.org/tiramisu" is:"address"`
	Sitemap string   `name:"sitemap" label:"Sitemap" help:"A sitemap, or an index of sitemaps, that lists the recipes' pages." check:"url" example:"https://example.org/recipes-sitemap.xml" is:"address"`
	Folder  string   `name:"folder" label:"Folder" help:"A folder of .html, .json or .jsonld files. In the configuration file only." example:"recipes" more:"true" local:"true"`
}

// Check finds what no single field shows.
func (s *Settings) Check() settings.Problems {
	given := 0
	for _, there := range []bool{len(s.URLs) > 0, s.Sitemap != "", s.Folder != ""} {
		if there {
			given++
		}
	}
	if given == 1 {
		return nil
	}
	return settings.Problems{settings.Wrong("urls", own.Text("exactly_one", words.Args{"fields": words.Fields("urls", "sitemap", "folder")}))}
}

// Open returns the source.
func (s *Settings) Open(env sources.Env) (pull.Source, error) {
	if s.Sitemap != "" {
		return s.openSite(env), nil
	}
	src := &source{settings: *s, env: env}
	var err error
	if src.folder, err = env.Local("folder", s.Folder); err != nil {
		return nil, err
	}
	return src, nil
}

// openSite returns the source of a sitemap.
func (s *Settings) openSite(env sources.Env) *site {
	src := &site{source: source{settings: *s, env: env}, robots: sources.NewRobots(env), index: fulltext.Lazy{Options: fulltext.Options{
		Fields: indexFields, Languages: env.Languages, Version: versionOf(s.Sitemap), Logger: env.Logger,
	}}}
	if env.Folder != "" {
		src.index.Options.Path = filepath.Join(env.Folder, indexFile)
	}
	return src
}

var _ settings.Checker = (*Settings)(nil)

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors and readers. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})
