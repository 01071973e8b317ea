<?php
/**
 * Plugin Name: keypull hook
 * Description: Answers what readers ask with the posts that fit, at /wp-json/keypull/v1/ask.
 * Version: 1.0
 *
 * The source's secret stands in wp-config.php: define('KEYPULL_SECRET', 'whsec_…');
 */

add_action('rest_api_init', function () {
    register_rest_route('keypull/v1', '/ask', [
        'methods' => 'POST', 'callback' => 'keypull_answer', 'permission_callback' => 'keypull_signed',
    ]);
});

function keypull_signed(WP_REST_Request $request) {
    [$id, $stamp] = [$request->get_header('webhook-id'), $request->get_header('webhook-timestamp')];
    if (abs(time() - (int) $stamp) > 300) {
        return false;
    }
    $key = str_starts_with(KEYPULL_SECRET, 'whsec_') ? base64_decode(substr(KEYPULL_SECRET, 6)) : KEYPULL_SECRET;
    $want = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$stamp." . $request->get_body(), $key, true));
    foreach (explode(' ', (string) $request->get_header('webhook-signature')) as $given) {
        if (hash_equals($want, $given)) {
            return true;
        }
    }
    return false;
}

function keypull_answer(WP_REST_Request $request) {
    $ask = $request->get_json_params();
    $posts = get_posts(['numberposts' => 10, 's' => $ask['argument'] ?? '']);
    return ['items' => array_map(fn ($post) => [
        'id' => $post->ID, 'title' => get_the_title($post), 'body' => get_the_excerpt($post),
        'link' => get_permalink($post), 'published' => get_post_time('c', true, $post),
    ], $posts)];
}
