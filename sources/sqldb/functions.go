package sqldb

import (
	"strings"

	"keypull/pull/what/textform"
)

// The functions that a query may call: they make a value of what they are
// given, and do nothing else. Whatever is not here is named in the settings by
// whoever knows what it does. A type with its length, such as varchar(10),
// looks like a call, and stands here as well.

const common = `
abs acos asin atan atan2 avg ceil ceiling char char_length character_length coalesce concat concat_ws cos count cume_dist
current_date current_time current_timestamp date degrees dense_rank exp first_value floor format greatest grouping hex
ifnull instr lag last_value lead least left length ln log log10 log2 lower lpad ltrim max min mod nth_value ntile
nullif octet_length percent_rank pi pow power radians rank replace reverse right round row_number rpad rtrim sign sin
sqrt stddev stddev_pop stddev_samp substr substring sum tan time trim trunc upper var_pop var_samp variance
cast decimal numeric varchar character dec float double bit binary varbinary timestamp datetime integer int nchar
`

const functionsPostgres = `
age array_agg array_append array_cat array_dims array_length array_lower array_position array_positions array_prepend
array_remove array_replace array_to_json array_to_string array_upper ascii bit_and bit_or bool_and bool_or bpchar btrim
cardinality cbrt chr clock_timestamp convert_from cot date_bin date_part date_trunc daterange decode div encode every
extract factorial gcd generate_series generate_subscripts host initcap interval int4range int8range isempty isfinite
json_agg json_array_elements json_array_elements_text json_array_length json_build_array json_build_object json_each
json_each_text json_extract_path json_extract_path_text json_object json_object_agg json_object_keys json_populate_record
json_strip_nulls json_to_record json_to_recordset json_typeof jsonb_agg jsonb_array_elements jsonb_array_elements_text
jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path
jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_agg jsonb_object_keys jsonb_path_exists jsonb_path_match
jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_pretty jsonb_set jsonb_strip_nulls jsonb_to_record
jsonb_to_recordset jsonb_to_tsvector jsonb_typeof justify_days justify_hours justify_interval lcm lower_inc lower_inf
make_date make_interval make_time make_timestamp make_timestamptz masklen md5 min_scale mode multirange normalize now
numnode numrange overlay parse_ident path percentile_cont percentile_disc phraseto_tsquery plainto_tsquery point position
quote_ident quote_literal quote_nullable random range_agg range_merge regexp_count regexp_instr regexp_like regexp_match
regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr repeat row_to_json scale setweight
sha224 sha256 sha384 sha512 similarity split_part starts_with statement_timestamp string_agg string_to_array
string_to_table strip strpos strict_word_similarity text timestamptz timetz timezone to_ascii to_char to_date to_hex
to_json to_jsonb to_number to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim_array trim_scale
ts_headline ts_rank ts_rank_cd tsquery_phrase tsrange tstzrange tsvector_to_array unaccent unistr unnest upper_inc upper_inf
varbit varying websearch_to_tsquery width_bucket word_similarity xmlagg xmlconcat xmlelement xmlforest bool_or st_asgeojson
st_astext st_distance st_dwithin st_x st_y st_makepoint st_setsrid
`

const functionsMySQL = `
adddate addtime any_value ascii bin bit_and bit_count bit_length bit_or bit_xor char_to_base64 conv convert
convert_tz cot crc32 curdate current_date curtime date_add date_format date_sub datediff day dayname dayofmonth dayofweek
dayofyear elt export_set extract field find_in_set from_base64 from_days from_unixtime get_format group_concat hour
if inet6_aton inet6_ntoa inet_aton inet_ntoa interval isnull json_array json_array_append json_array_insert json_arrayagg
json_compact json_contains json_contains_path json_depth json_detailed json_exists json_extract json_insert json_keys
json_length json_loose json_merge_patch json_merge_preserve json_object json_objectagg json_overlaps json_pretty
json_query json_quote json_remove json_replace json_search json_set json_table json_type json_unquote json_valid
json_value last_day lcase localtime localtimestamp locate make_set makedate maketime match md5 median microsecond mid
minute month monthname natural_sort_key now nvl nvl2 oct ord percentile_cont percentile_disc period_add period_diff
position quarter quote rand regexp_instr regexp_like regexp_replace regexp_substr repeat sec_to_time second sha sha1
sha2 signed soundex space st_asgeojson st_astext st_distance st_distance_sphere st_geomfromtext st_x st_y std str_to_date
strcmp subdate substring_index subtime sysdate time_format time_to_sec timediff timestampadd timestampdiff to_base64
to_char to_days to_seconds truncate ucase unhex unix_timestamp unsigned utc_date utc_time utc_timestamp
week weekday weekofyear weight_string year yearweek json_normalize json_equals sformat chr lengthb tinytext text
`

const functionsSQLite = `
bm25 concat cosh date glob group_concat highlight iif if json json_array json_array_length json_each json_error_position
json_extract json_group_array json_group_object json_insert json_object json_patch json_pretty json_quote json_remove
json_replace json_set json_tree json_type json_valid jsonb jsonb_array jsonb_each jsonb_extract jsonb_group_array
jsonb_group_object jsonb_insert jsonb_object jsonb_tree julianday like likelihood likely matchinfo nvarchar octet_length offsets
printf quote random sinh snippet soundex string_agg strftime tanh text timediff total typeof unhex unicode unistr
unixepoch unlikely varying generate_series native
`

// Where a word that stands before a bracket is looked at by more than the word
// before it: in GROUP BY, and in the arguments of JSON_TABLE.
const (
	inGroup = "(group)"
	inTable = "(table)"
)

// The words that stand before a bracket and call nothing. Where the dialect
// lets a function be called so, what must stand before the word follows a <.

const besideCommon = `
select all distinct from where having on using and or not in exists case when then else union except intersect values as
between like is limit join row over<) by<group|order|partition
`

const besidePostgres = `
any some array ilike similar offset fetch interval with lateral only symmetric asymmetric overlaps window
filter<) group<within sets<grouping rollup<(group) cube<(group) materialized<as|not first<fetch next<fetch
system<tablesample bernoulli<tablesample zone<time
`

const besideMySQL = `
rlike regexp interval straight_join with lateral div mod xor match partition any<=|<|> some<=|<|> against<) of<member
index<use|force|ignore key<use|force|ignore columns<(table)
`

const besideSQLite = `
ilike glob regexp match offset escape collate with lateral filter<) materialized<as|not
`

// parseWordTable makes a dialect's table of such words.
func parseWordTable(lists ...string) map[string][]string {
	all := map[string][]string{}
	for word := range textform.Set(lists...) {
		name, behind, ok := strings.Cut(word, "<")
		all[name] = nil
		if ok {
			all[name] = strings.Split(behind, "|")
		}
	}
	return all
}
