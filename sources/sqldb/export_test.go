package sqldb

// Prepare checks a query in the dialect of a database of the tests.
func Prepare(database, query string) (text string, places int, err error) {
	d := map[string]*dialect{"postgres": &postgres, "mariadb": &mysqlFamily, "sqlite": &sqlite}[database]
	s, err := prepareStatement(d, query, nil)
	return s.text, len(s.places), err
}
