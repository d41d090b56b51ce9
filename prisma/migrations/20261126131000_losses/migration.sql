-- Validation losses beside the accuracies, for searches that rank by them. Those of before have none, and rank by accuracy.
ALTER TABLE "candidate" ADD COLUMN "losses" JSONB NOT NULL DEFAULT '{}';

CREATE OR REPLACE FUNCTION "count_changed_trials"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- Steps are shown as progress, so they make a revision too; renewing a lease alone makes none.
    changed UUID[] := ARRAY(
        SELECT DISTINCT after.search_id FROM new_trials AS after JOIN old_trials AS before USING (id)
        WHERE after.purpose IN ('ranking', 'test') AND (after.state <> before.state OR after.step <> before.step)
    );
BEGIN
    IF changed = '{}' THEN RETURN NULL; END IF;
    PERFORM begin_revision(changed);
    IF NOT EXISTS (
        SELECT FROM new_trials AS after JOIN old_trials AS before USING (id)
        WHERE after.purpose IN ('ranking', 'test') AND after.state <> before.state
    ) THEN RETURN NULL; END IF;

    INSERT INTO trial_tally AS tally (search_id, purpose, state, trials, seconds)
        SELECT search_id, purpose, state, sum(sign), sum(sign * coalesce(extract(epoch FROM ended_at - started_at), 0))
        FROM (SELECT -1 AS sign, * FROM old_trials UNION ALL SELECT 1, * FROM new_trials) AS change
        WHERE purpose IN ('ranking', 'test') AND state <> 'paused'
        GROUP BY search_id, purpose, state HAVING sum(sign) <> 0
        ON CONFLICT (search_id, purpose, state) DO UPDATE
        SET trials = tally.trials + excluded.trials, seconds = tally.seconds + excluded.seconds;

    UPDATE search SET paused = search.paused + change.trials, paused_seconds = search.paused_seconds + change.seconds
    FROM (
        SELECT search_id, sum(sign) AS trials, sum(sign * extract(epoch FROM ended_at - started_at)) AS seconds
        FROM (SELECT -1 AS sign, * FROM old_trials UNION ALL SELECT 1, * FROM new_trials) AS one
        WHERE state = 'paused' GROUP BY search_id HAVING sum(sign) <> 0
    ) AS change
    WHERE search.id = change.search_id;

    UPDATE candidate SET
        queued = candidate.queued + change.queued, running = candidate.running + change.running,
        completed = candidate.completed + change.completed, failed = candidate.failed + change.failed,
        cancelled = candidate.cancelled + change.cancelled, paused = candidate.paused + change.paused,
        failed_in_training = candidate.failed_in_training + change.failed_in_training,
        accuracies = (candidate.accuracies - change.withdrawn) || change.scored,
        losses = (candidate.losses - change.withdrawn) || change.lost
    FROM (
        SELECT candidate_id,
               coalesce(sum(sign) FILTER (WHERE state = 'queued'), 0) AS queued,
               coalesce(sum(sign) FILTER (WHERE state = 'running'), 0) AS running,
               coalesce(sum(sign) FILTER (WHERE state = 'completed'), 0) AS completed,
               coalesce(sum(sign) FILTER (WHERE state = 'failed'), 0) AS failed,
               coalesce(sum(sign) FILTER (WHERE state = 'cancelled'), 0) AS cancelled,
               coalesce(sum(sign) FILTER (WHERE state = 'paused'), 0) AS paused,
               coalesce(sum(sign) FILTER (WHERE failed_by = 'training'), 0) AS failed_in_training,
               coalesce(array_agg(seed::text) FILTER (WHERE state = 'completed' AND sign = -1), '{}') AS withdrawn,
               coalesce(jsonb_object_agg(seed, result -> 'validationAccuracy')
                        FILTER (WHERE state = 'completed' AND sign = 1), '{}') AS scored,
               coalesce(jsonb_object_agg(seed, result -> 'validationLoss')
                        FILTER (WHERE state = 'completed' AND sign = 1
                                  AND jsonb_typeof(result -> 'validationLoss') = 'number'), '{}') AS lost
        FROM (SELECT -1 AS sign, * FROM old_trials UNION ALL SELECT 1, * FROM new_trials) AS one
        WHERE purpose = 'ranking'
        GROUP BY candidate_id
    ) AS change
    WHERE candidate.id = change.candidate_id;

    INSERT INTO search_engine AS counted (search_id, fingerprint, engine, trials)
        SELECT after.search_id, after.engine ->> 'fingerprint', (array_agg(after.engine))[1], count(*)
        FROM new_trials AS after JOIN old_trials AS before USING (id)
        WHERE after.purpose IN ('ranking', 'test') AND after.state = 'completed' AND before.state <> 'completed'
          AND after.engine IS NOT NULL
        GROUP BY after.search_id, after.engine ->> 'fingerprint'
        ON CONFLICT (search_id, fingerprint) DO UPDATE SET trials = counted.trials + excluded.trials;
    RETURN NULL;
END $$;

DROP TRIGGER "renew_results_version" ON "candidate";
CREATE TRIGGER "renew_results_version" BEFORE UPDATE ON "candidate" FOR EACH ROW
    WHEN (OLD."accuracies" IS DISTINCT FROM NEW."accuracies" OR OLD."losses" IS DISTINCT FROM NEW."losses"
          OR OLD."failed_in_training" <> NEW."failed_in_training")
    EXECUTE FUNCTION renew_results_version();
