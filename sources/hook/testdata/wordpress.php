<?php
// As much of WordPress as the example needs: its functions, and one route.
class WP_REST_Request {
    public function __construct(private string $body) {}
    public function get_header($name) { return $_SERVER['HTTP_' . strtoupper(str_replace('-', '_', $name))] ?? null; }
    public function get_body() { return $this->body; }
    public function get_json_params() { return json_decode($this->body, true); }
}
$routes = [];
function add_action($name, $callback) { $name === 'rest_api_init' && $callback(); }
function register_rest_route($space, $route, $how) { global $routes; $routes["/wp-json/$space$route"] = $how; }
function get_posts($wanted) {
    $all = [(object) ['ID' => 1, 'post_title' => 'Boots', 'post_excerpt' => '12 pairs'], (object) ['ID' => 2, 'post_title' => 'Tent', 'post_excerpt' => 'sold out until Friday']];
    return array_values(array_filter($all, fn ($p) => stripos($p->post_title, $wanted['s']) !== false));
}
function get_the_title($post) { return $post->post_title; }
function get_the_excerpt($post) { return "<p>$post->post_excerpt</p>"; }
function get_permalink($post) { return "https://example.org/?p=$post->ID"; }
function get_post_time($format, $utc, $post) { return gmdate($format, 1772445599); }

define('KEYPULL_SECRET', getenv('KEYPULL_SECRET'));
require getenv('KEYPULL_PLUGIN');
$route = $routes[parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)] ?? null;
$request = new WP_REST_Request(file_get_contents('php://input'));
header('Content-Type: application/json');
if ($route === null || $route['methods'] !== $_SERVER['REQUEST_METHOD']) {
    http_response_code(404);
} elseif (!$route['permission_callback']($request)) {
    http_response_code(401);
} else {
    echo json_encode($route['callback']($request));
}
