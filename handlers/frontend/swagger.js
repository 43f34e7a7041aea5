// The API's own page: <div id="api" data-openapi-url="/api/v1/openapi.json"></div>, after swagger/swagger-ui-bundle.js.

const element = document.getElementById('api');

window.SwaggerUIBundle({
  url: element.dataset.openapiUrl,
  domNode: element,
  deepLinking: true,
  validatorUrl: null,
  onComplete: () => {
    element.dataset.ready = 'true';
  },
});
